package main

var letter byte = 'a'

func main() { println("shop", letter) }
