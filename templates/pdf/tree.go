package pdf

import (
	"fmt"
	"strings"
)

// writeTree writes the logical structure: the elements, and for each page
// which element every marked sequence belongs to.
func (d *Doc) writeTree(f *file) {
	f.object(treeID, "<</Type /StructTreeRoot /K %s /ParentTree %s /ParentTreeNextKey %d>>", ref(d.root.id), ref(parentsID), len(d.pages))
	var nums strings.Builder
	for i, p := range d.pages {
		fmt.Fprintf(&nums, "%d [", i)
		for _, e := range p.owners {
			nums.WriteString(ref(e.id) + " ")
		}
		nums.WriteString("]\n")
	}
	f.object(parentsID, "<</Nums [%s]>>", nums.String())
	d.root.write(f, treeID)
}

func (e *Element) write(f *file, parent int) {
	var kids strings.Builder
	for _, k := range e.kids {
		if k.el != nil {
			kids.WriteString(ref(k.el.id) + " ")
		} else {
			fmt.Fprintf(&kids, "<</Type /MCR /Pg %s /MCID %d>> ", ref(pageID(k.page)), k.mark)
		}
	}
	f.object(e.id, "<</Type /StructElem /S /%s /P %s %s/K [%s]>>", e.role, ref(parent), e.attrs, kids.String())
	for _, k := range e.kids {
		if k.el != nil {
			k.el.write(f, e.id)
		}
	}
}
