package incident

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// noticeDigest stands for a notice in the audit chain.
type noticeDigest struct {
	ID     string `json:"id"`
	Record string `json:"record"`
	N      int    `json:"n"`
	SHA256 string `json:"sha256"` // of the text
}

func noticeDigests(ns []*Notice) []noticeDigest {
	all := make([]noticeDigest, len(ns))
	for i, n := range ns {
		sum := sha256.Sum256([]byte(n.Text))
		all[i] = noticeDigest{n.ID, n.Record, n.N, hex.EncodeToString(sum[:])}
	}
	return all
}

// receiptDigest stands for one attempt in the audit chain.
type receiptDigest struct {
	Delivery string `json:"delivery"`
	Try      int    `json:"try"`
	Fate     Fate   `json:"fate"`
	Reply    string `json:"reply,omitempty"`
	SHA256   string `json:"sha256,omitempty"`
}

func receiptDigests(rs []Receipt, settled []*Delivery) []receiptDigest {
	all := make([]receiptDigest, 0, len(settled))
	byID := make(map[string]Receipt, len(rs))
	for _, rc := range rs {
		byID[rc.Delivery] = rc
	}
	for _, dl := range settled {
		rc := byID[dl.ID]
		all = append(all, receiptDigest{dl.ID, dl.Tries, dl.Fate, rc.Reply, rc.SHA256})
	}
	return all
}

func itoa(n int) string { return strconv.Itoa(n) }
