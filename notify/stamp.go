package notify

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/digitorus/timestamp"
)

// stampLimit is how long a time authority may take to answer; stampMax how
// much it may say, in bytes.
const (
	stampLimit = 30 * time.Second
	stampMax   = 64 << 10
)

var errStamp = errors.New("the time authority's answer is not about what it was asked")

// Stamp asks a trusted time authority to say when it saw data (RFC 3161) and
// returns its token. Only the hash of data leaves the house.
func Stamp(ctx context.Context, client *http.Client, url string, data []byte) ([]byte, error) {
	ask, err := timestamp.CreateRequest(bytes.NewReader(data), &timestamp.RequestOptions{Hash: crypto.SHA256, Certificates: true})
	if err != nil {
		return nil, fmt.Errorf("ask for a time stamp: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, stampLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(ask))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/timestamp-query")
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, stampMax))
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the time authority answered %s", resp.Status)
	}
	got, err := timestamp.ParseResponse(answer)
	if err != nil {
		return nil, fmt.Errorf("read a time stamp: %w", err)
	}
	return got.RawToken, stampFits(got, data)
}

// StampedAt checks a token against the data that it is about and returns the
// time that the authority says. That the authority is one to be trusted is for
// the reader to say, who knows its certificate.
func StampedAt(token, data []byte) (time.Time, error) {
	got, err := timestamp.Parse(token)
	if err != nil {
		return time.Time{}, fmt.Errorf("read a time stamp: %w", err)
	}
	return got.Time.UTC(), stampFits(got, data)
}

func stampFits(got *timestamp.Timestamp, data []byte) error {
	sum := sha256.Sum256(data)
	if got.HashAlgorithm != crypto.SHA256 || !bytes.Equal(got.HashedMessage, sum[:]) {
		return errStamp
	}
	return nil
}
