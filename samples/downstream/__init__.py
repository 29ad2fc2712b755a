"""A small web application with a leak: the article's, made again."""
