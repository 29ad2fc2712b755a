"""Sends COUNT requests to the application on PORT of this machine: drive.py PORT COUNT"""

import http.client
import sys

port, count = map(int, sys.argv[1:])
for number in range(count):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    # Five of six orders exist.
    connection.request("GET", f"/orders/{1000 + number * 7 % 600}")
    connection.getresponse().read()
    connection.close()
