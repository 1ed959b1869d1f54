package risk

// Claim is an answer that lowers the tier and whose evidence is missing.
type Claim struct {
	Key   string `json:"key"`   // the answer, such as "exposure.exfiltration"
	Needs string `json:"needs"` // the key of the evidence
	Words string `json:"words"`
}

// claims asks each lowering answer for its evidence: are the logs complete,
// where is the key, who confirmed the deletion?
func (f *Facts) claims(s *state) []Claim {
	out := make([]Claim, 0, 3)
	ask := func(claimed, backed bool, key, needs string) {
		if claimed && !backed {
			out = append(out, Claim{Key: key, Needs: needs})
		}
	}
	e := f.Evidence
	ask(s.answer[qExfiltration] == excluded, e.LogsComplete != nil, "exposure.exfiltration", "evidence.logs_complete")
	ask(s.answer[qEncrypted] == fullyEncrypted, e.Algorithm != "", "protection.encrypted", "evidence.algorithm")
	ask(s.answer[qKey] == keySafe, e.KeyLocation != "", "protection.key", "evidence.key_location")
	ask(s.answer[qReturned] == gotBack, e.DeletionBy != "", "exposure.return_confirmed", "evidence.deletion_confirmed_by")
	return out
}
