// Command standin behaves like the product as far as package product can see: it says an
// address, serves until SIGTERM, or ends at once with a code.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	fmt.Print("progress 10%\rprogress 100%\r\n")
	for _, pair := range os.Environ() {
		if strings.HasPrefix(pair, "TONGXIN_") {
			fmt.Println("sees", pair)
		}
	}
	switch os.Args[1] {
	case "fail":
		fmt.Fprintln(os.Stderr, "cannot go on")
		os.Exit(3)
	case "serve":
		stop := make(chan os.Signal, 1)
		signal.Notify(stop, syscall.SIGTERM)
		fmt.Println("open http://127.0.0.1:12345/ in a browser; code AB-12")
		<-stop
		fmt.Println("good-bye")
	}
}
