package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"hatakello/incident"
)

// BenchmarkVerify verifies a million links on one core, as the registers of
// many years hold them: short contents, many chains.
func BenchmarkVerify(b *testing.B) {
	for _, links := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprintf("links=%d", links), func(b *testing.B) {
			db := open(b, newDatabase(b, "sqlite"))
			fillLinks(b, db, links)
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			begun := busy()
			for b.Loop() {
				v, err := db.Verify(context.Background())
				if err != nil || v.Found != 0 || v.Links != int64(links) {
					b.Fatalf("%+v, %v", v, err)
				}
			}
			b.ReportMetric(float64(links)*float64(b.N)/(busy()-begun).Seconds(), "links/s-of-cpu")
			b.ReportMetric(float64(links)*float64(b.N)/b.Elapsed().Seconds(), "links/s")
		})
	}
}

// fillLinks writes that many links, twenty to a chain, past Apply.
func fillLinks(b *testing.B, db *DB, links int) {
	b.Helper()
	into := insert("audit", "chain, seq, at, made_by, act, content, salt, seal, prev, hash, leaves, root, bound", "")
	ends := insert("chain", "id, seq, head", "")
	const each, share = 20, 10_000
	for from := 0; from < links; from += share {
		err := db.write(newTask(ctx, func(ctx context.Context, c conn) error {
			var rows, heads [][]any
			var prev []byte
			for i := from; i < from+share; i++ {
				a := &incident.Audit{Chain: fmt.Sprintf("06F8M5K4%018d", i/each), Seq: int64(i%each + 1), At: noon, By: "Anna Koe", Act: "describe",
					Content: fmt.Appendf(nil, `{"from":"Levy katosi","to":"Levy %d löytyi"}`, i), Salt: []byte("0123456789abcdef"), Prev: prev}
				if a.Seq == 1 {
					a.Prev = nil
				}
				a.Seal()
				prev = a.Hash
				rows = append(rows, []any{a.Chain, a.Seq, instant(a.At), a.By, a.Act, a.Content, a.Salt, a.Commit, a.Prev, a.Hash, a.Leaves, a.Root, nonNil(a.Bound)})
				if a.Seq == each {
					heads = append(heads, []any{a.Chain, a.Seq, a.Hash})
				}
			}
			if err := into.all(ctx, c, rows); err != nil {
				return err
			}
			return ends.all(ctx, c, heads)
		}))
		if err != nil {
			b.Fatal(err)
		}
	}
}

// busy is how long this process has had a processor, which other work on the
// machine does not lengthen.
func busy() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkHash hashes what one link of BenchmarkVerify hashes, and reads
// nothing: the limit of this machine at this hour.
func BenchmarkHash(b *testing.B) {
	room := make([]byte, 110)
	begun := busy()
	for b.Loop() {
		for range 3 {
			sha256.Sum256(room)
		}
	}
	b.ReportMetric(float64(b.N)/(busy()-begun).Seconds(), "links/s-of-cpu")
}
