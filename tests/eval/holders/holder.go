// SPDX-License-Identifier: GPL-3.0-or-later
// holder RSA EC ED READY: holds three keys and an AES cipher.
package main

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"runtime"
	"time"
)

func load(path string) interface{} {
	text, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		panic(err)
	}
	return key
}

func main() {
	keys := []interface{}{load(os.Args[1]), load(os.Args[2]), load(os.Args[3])}
	digest := sha256.Sum256([]byte("text"))
	for _, key := range keys[:2] {
		if _, err := key.(crypto.Signer).Sign(rand.Reader, digest[:], crypto.SHA256); err != nil {
			panic(err)
		}
	}
	key := make([]byte, 32)
	rand.Read(key)
	block, _ := aes.NewCipher(key)
	stream := cipher.NewCTR(block, make([]byte, 16))
	lines := fmt.Sprintf("aes %x\n", key)
	os.WriteFile(os.Args[4]+".new", []byte(lines), 0600)
	os.Rename(os.Args[4]+".new", os.Args[4])
	time.Sleep(time.Hour)
	runtime.KeepAlive(keys)
	runtime.KeepAlive(stream)
}
