package incident

import (
	"encoding/hex"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// rootsRFC are the roots over the first n of the inputs that the
// certificate-transparency project tests its trees with.
var (
	inputsRFC = []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
	rootsRFC  = []string{
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
)

func TestTreeVectors(t *testing.T) {
	var tree Tree
	for n, want := range rootsRFC {
		root := tree.Root()
		if got := hex.EncodeToString(root[:]); got != want {
			t.Errorf("root over %d leaves = %s, want %s", n, got, want)
		}
		if n < len(inputsRFC) {
			data, _ := hex.DecodeString(inputsRFC[n])
			tree.Add(LeafHash(data), nil)
		}
	}
}

// TestTreeProofs proves inclusion and consistency in trees of any size, and
// sees that a proof with anything changed proves nothing.
func TestTreeProofs(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.Uint64Range(1, 70).Draw(rt, "n")
		i, m := rapid.Uint64Range(0, n-1).Draw(rt, "i"), rapid.Uint64Range(0, n).Draw(rt, "m")
		leaves := make([]Digest, n)
		for k := range leaves {
			leaves[k] = LeafHash(fmt.Append(nil, k))
		}
		root, old := RootOf(leaves), RootOf(leaves[:m])
		in, err := Inclusion(i, n, Over(leaves))
		if err != nil || !Included(leaves[i], i, n, in, root) {
			rt.Fatalf("leaf %d of %d is not proven: %v", i, n, err)
		}
		if Included(leaves[i], i, n, in, old) != (m == n) || Included(LeafHash([]byte("x")), i, n, in, root) || Included(leaves[i], i, n, append(in, root), root) {
			rt.Fatal("a false inclusion is proven")
		}
		con, err := Consistency(m, n, Over(leaves))
		if err != nil || !Consistent(m, n, old, root, con) {
			rt.Fatalf("tree %d is not proven to begin tree %d: %v", m, n, err)
		}
		other := append([]Digest{LeafHash([]byte("x"))}, leaves[1:]...)
		if m > 0 && Consistent(m, n, RootOf(other[:m]), root, con) {
			rt.Fatal("a rewritten tree is proven consistent")
		}
		if len(con) > 0 {
			con[rapid.IntRange(0, len(con)-1).Draw(rt, "where")][0] ^= 1
			if Consistent(m, n, old, root, con) {
				rt.Fatal("a changed proof proves consistency")
			}
		}
	})
}
