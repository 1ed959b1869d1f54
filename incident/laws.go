package incident

import "time"

// day is midnight in Helsinki, from which a statute is in force.
func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, helsinki) }

// Laws are all regimes known to the program. A period, an addressee or a date
// is changed here and nowhere else; a running clock keeps what it started with.
var Laws = []Regime{GDPR, NIS2, NIS2Trust, Health, Telecom, DORA, EIDAS, CRAVulnerability, CRAIncident, Omnibus}

// GDPR holds the breach duties of Regulation (EU) 2016/679.
var GDPR = Regime{Key: "gdpr", Always: true, Duties: []Duty{
	{Key: "gdpr.33.2", Basis: "GDPR Art. 33(2)", To: ToController, Ours: true, From: ProcessorAware,
		MetBy: ControllerInformed, If: processing},
	{Key: "gdpr.33.1", Basis: "GDPR Art. 33(1)", To: ToAuthority, From: ControllerAware, Within: Period{Hours: 72},
		MetBy: Reported, If: processing},
	{Key: "gdpr.33.1.own", Basis: "GDPR Art. 33(1)", To: ToAuthority, Ours: true, From: ControllerAware, Within: Period{Hours: 72},
		MetBy: Reported, If: ownAtRisk},
	{Key: "gdpr.33.1.mandate", Basis: "GDPR Art. 33(1)", To: ToAuthority, Ours: true, From: ControllerAware, Within: Period{Hours: 72},
		MetBy: Reported, If: mandatedAtRisk},
	{Key: "gdpr.33.4.own", Basis: "GDPR Art. 33(4)", To: ToAuthority, Ours: true, From: Reported, By: SupplementPromised,
		MetBy: Supplemented, If: ownPromised},
	{Key: "gdpr.34.1.own", Basis: "GDPR Art. 34(1)", To: ToSubjects, Ours: true, From: ControllerAware, By: TellingOrdered,
		MetBy: SubjectsTold, If: ownToTell},
}}

// NIS2 holds section 11 of the Finnish Cybersecurity Act (kyberturvallisuuslaki
// 124/2025), whose clocks run from the detection of a significant incident.
var NIS2 = Regime{Key: "nis2", Duties: []Duty{
	{Key: "nis2.first", Basis: "124/2025 § 11", To: ToSupervisor, Ours: true, From: Detected, Within: Period{Hours: 24},
		MetBy: Done("nis2.first"), If: entity, Since: day(2025, 4, 8)},
	{Key: "nis2.followup", Basis: "124/2025 § 11", To: ToSupervisor, Ours: true, From: Detected, Within: Period{Hours: 72},
		MetBy: Done("nis2.followup"), If: entity, Since: day(2025, 4, 8)},
	{Key: "nis2.final", Basis: "124/2025 § 11", To: ToSupervisor, Ours: true, From: Done("nis2.followup"), Within: Period{Months: 1},
		MetBy: Done("nis2.final"), If: entity, Since: day(2025, 4, 8)},
	{Key: "nis2.recipients", Basis: "NIS2 Art. 23(2)", To: ToCustomers, Ours: true, From: Detected,
		MetBy: Done("nis2.recipients"), If: entity, Since: day(2025, 4, 8)},
}}

// NIS2Trust is NIS2 for providers of trust services, whose follow-up is due in
// 24 hours.
var NIS2Trust = Regime{Key: "nis2trust", Duties: []Duty{
	{Key: "nis2trust.followup", Basis: "124/2025 § 11", To: ToSupervisor, Ours: true, From: Detected, Within: Period{Hours: 24},
		MetBy: Done("nis2trust.followup"), If: entity, Since: day(2025, 4, 8)},
	{Key: "nis2trust.final", Basis: "124/2025 § 11", To: ToSupervisor, Ours: true, From: Done("nis2trust.followup"), Within: Period{Months: 1},
		MetBy: Done("nis2trust.final"), If: entity, Since: day(2025, 4, 8)},
}}

// Health holds the duties about a significant deviation of a client and
// patient information system (asiakastietolaki 703/2023).
var Health = Regime{Key: "health", Duties: []Duty{
	{Key: "health.users", Basis: "703/2023", To: ToCustomers, Ours: true, From: Detected, MetBy: Done("health.users"),
		If: entity, Since: day(2024, 1, 1), Recalled: true},
	{Key: "health.supervisor", Basis: "703/2023", To: ToSupervisor, Ours: true, From: Detected, MetBy: Done("health.supervisor"),
		If: entity, Since: day(2024, 1, 1), Recalled: true},
}}

// Telecom holds Regulation (EU) 611/2013 for public communications providers.
var Telecom = Regime{Key: "telecom", Duties: []Duty{
	{Key: "telecom.first", Basis: "611/2013 Art. 2(2)", To: ToSupervisor, Ours: true, From: Detected, Within: Period{Hours: 24},
		MetBy: Done("telecom.first"), If: entity, Recalled: true},
	{Key: "telecom.rest", Basis: "611/2013 Art. 2(3)", To: ToSupervisor, Ours: true, From: Done("telecom.first"), Within: Period{Days: 3},
		MetBy: Done("telecom.rest"), If: entity, Recalled: true},
}}

// DORA holds Art. 19 of Regulation (EU) 2022/2554 with Delegated Regulation
// (EU) 2025/301. The shift of a limit from a weekend to the next working day
// is not applied: we never show a later limit than the strict one.
var DORA = Regime{Key: "dora", Duties: []Duty{
	{Key: "dora.classified", Basis: "2025/301 Art. 6", To: ToSupervisor, Ours: true, From: Classified, Within: Period{Hours: 4},
		MetBy: Done("dora.initial"), If: entity, Since: day(2025, 1, 17)},
	{Key: "dora.aware", Basis: "2025/301 Art. 6", To: ToSupervisor, Ours: true, From: ProcessorAware, Within: Period{Hours: 24},
		MetBy: Done("dora.initial"), If: entity, Since: day(2025, 1, 17)},
	{Key: "dora.intermediate", Basis: "2025/301 Art. 6", To: ToSupervisor, Ours: true, From: Done("dora.initial"), Within: Period{Hours: 72},
		MetBy: Done("dora.intermediate"), If: entity, Since: day(2025, 1, 17)},
	{Key: "dora.final", Basis: "2025/301 Art. 6", To: ToSupervisor, Ours: true, From: Done("dora.intermediate"), Within: Period{Months: 1},
		MetBy: Done("dora.final"), If: entity, Since: day(2025, 1, 17)},
}}

// EIDAS holds Art. 19a of Regulation (EU) 910/2014 for non-qualified trust
// services.
var EIDAS = Regime{Key: "eidas", Duties: []Duty{
	{Key: "eidas.notice", Basis: "910/2014 Art. 19a(1)(b)", To: ToSupervisor, Ours: true, From: ProcessorAware, Within: Period{Hours: 24},
		MetBy: Done("eidas.notice"), If: entity, Since: day(2024, 10, 18)},
}}

// craSince is the day from which Art. 14 of the Cyber Resilience Act applies.
var craSince = day(2026, 9, 11)

// CRAVulnerability holds Art. 14 of Regulation (EU) 2024/2847 for an actively
// exploited vulnerability of a product.
var CRAVulnerability = Regime{Key: "cravuln", Duties: []Duty{
	{Key: "cravuln.early", Basis: "2024/2847 Art. 14(2)(a)", To: ToSupervisor, Ours: true, From: ProcessorAware, Within: Period{Hours: 24},
		MetBy: Done("cravuln.early"), If: entity, Since: craSince},
	{Key: "cravuln.notice", Basis: "2024/2847 Art. 14(2)(b)", To: ToSupervisor, Ours: true, From: ProcessorAware, Within: Period{Hours: 72},
		MetBy: Done("cravuln.notice"), If: entity, Since: craSince},
	{Key: "cravuln.final", Basis: "2024/2847 Art. 14(2)(c)", To: ToSupervisor, Ours: true, From: FixAvailable, Within: Period{Days: 14},
		MetBy: Done("cravuln.final"), If: entity, Since: craSince},
}}

// CRAIncident holds Art. 14 of the same Regulation for a severe incident.
var CRAIncident = Regime{Key: "craincident", Duties: []Duty{
	{Key: "craincident.early", Basis: "2024/2847 Art. 14(4)(a)", To: ToSupervisor, Ours: true, From: ProcessorAware, Within: Period{Hours: 24},
		MetBy: Done("craincident.early"), If: entity, Since: craSince},
	{Key: "craincident.notice", Basis: "2024/2847 Art. 14(4)(b)", To: ToSupervisor, Ours: true, From: ProcessorAware, Within: Period{Hours: 72},
		MetBy: Done("craincident.notice"), If: entity, Since: craSince},
	{Key: "craincident.final", Basis: "2024/2847 Art. 14(4)(c)", To: ToSupervisor, Ours: true, From: Done("craincident.notice"), Within: Period{Months: 1},
		MetBy: Done("craincident.final"), If: entity, Since: craSince},
}}

// Omnibus is the proposal COM(2025) 837: 96 hours, and only for a high risk.
// It is not law; it exists so that a case can be shown under it.
var Omnibus = Regime{Key: "omnibus", Proposed: true, Duties: []Duty{
	{Key: "omnibus.33.1", Basis: "COM(2025) 837", To: ToAuthority, From: ControllerAware, Within: Period{Hours: 96},
		MetBy: Reported, If: processing, Recalled: true},
	{Key: "omnibus.33.1.own", Basis: "COM(2025) 837", To: ToAuthority, Ours: true, From: ControllerAware, Within: Period{Hours: 96},
		MetBy: Reported, If: ownHigh, Recalled: true},
}}
