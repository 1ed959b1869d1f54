// Command hatakello leads a company through a personal data breach.
package main

func main() {}
