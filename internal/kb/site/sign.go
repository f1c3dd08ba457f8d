package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Signer returns a function for [Input.Sign] that runs the signing command of
// kb.yaml on a temporary file. No shell is involved.
//
// Most signatures hold the time. So that a program keeps its SHA-256, and the
// reputation that goes with it, as long as its plans stay the same, the
// signed program is kept in the user's cache folder and used again for the
// same bytes and the same command.
func Signer(ctx context.Context, argv []string) func([]byte) ([]byte, error) {
	return func(program []byte) ([]byte, error) {
		key := sha256.New()
		fmt.Fprintf(key, "%q\n", argv)
		key.Write(program)
		return fromUserCache("signed-"+hex.EncodeToString(key.Sum(nil))+".exe", func() ([]byte, error) {
			return sign(ctx, argv, program)
		})
	}
}

func sign(ctx context.Context, argv []string, program []byte) ([]byte, error) {
	folder, err := os.MkdirTemp("", "kbgen-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "kbprobe.exe")
	if err := os.WriteFile(file, program, 0o600); err != nil {
		return nil, err
	}
	out := filepath.Join(folder, "signed.exe")
	names := strings.NewReplacer("{file}", file, "{out}", out)
	args := make([]string, len(argv)-1)
	for i, arg := range argv[1:] {
		args[i] = names.Replace(arg)
	}
	if strings.Contains(strings.Join(argv, " "), "{out}") {
		file = out
	}
	cmd := exec.CommandContext(ctx, argv[0], args...)
	if output, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("the signing command %s failed: %w\n%s", argv[0], err, bytes.TrimSpace(output))
	}
	signed, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the signing command %s left no file: %w", argv[0], err)
	}
	if bytes.Equal(signed, program) {
		return nil, errors.New("the signing command " + argv[0] + " did not change the file; it must sign {file} in place, or write to {out}")
	}
	return signed, nil
}
