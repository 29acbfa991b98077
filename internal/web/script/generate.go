package script

//go:generate go run ./build
