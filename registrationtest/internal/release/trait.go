package release

// Trait is a way of the server that it has in some releases and not in others. Every threshold from 7.0 on is here, in
// one table; where the code compares versions itself, the threshold is an older one.
type Trait int

// The traits, in the order of the contract.
const (
	// BodySchemas: manualRegister, the intent and the poll are checked against a schema, not with Meteor's check.
	BodySchemas Trait = iota
	// CoercedBodies: the validator turns a value of another type into the type that a schema wants.
	CoercedBodies
	// BareSentences: the sentence of a schema stands alone, without its code in brackets, and a query has a code of its own.
	BareSentences
	// PermissionFirst: the permission is looked at before the body or the query is.
	PermissionFirst
	// LateSecondFactor: the second factor is asked for after the permission is looked at.
	LateSecondFactor
	// WholeRefusals: a missing permission is told in a whole sentence by the routes that have a schema, too.
	WholeRefusals
	// StatusByPermission: cloud.registrationStatus takes the permission manage-cloud; before it takes the role admin.
	StatusByPermission
	// FingerprintGuarded: fingerprint takes manage-cloud; before it is open to anybody who is logged in.
	FingerprintGuarded
	// NewRouter: what is not there is 404 text, and a refusal of the caller has four keys.
	NewRouter
	// RESTLimits: calls of an endpoint are counted.
	RESTLimits
	// FailedMethods400: a method that failed is an HTTP 400.
	FailedMethods400
	// StrictMethodCalls: the message of a method call has exactly four keys.
	StrictMethodCalls
	// EmptyLogout: the answer to a logout gets lost on its way out.
	EmptyLogout
	// CredentialsByScope: access tokens are kept by scope, in a collection of their own, and are settings no more.
	CredentialsByScope
	// AirGapCountdown: a workspace without a valid license counts the days until it is read-only.
	AirGapCountdown
	// NodeTwenty: the sentences of the JavaScript engine are those of Node 20.
	NodeTwenty
	// PublicSettingsByID: settings.public looks at the ids that it is asked for.
	PublicSettingsByID
	// ExternalModules: licenses.info has a list of them.
	ExternalModules
	// NoPrivateApps: without a license no private app may be used; before it is three.
	NoPrivateApps
	// ValidityShown: licenses.info tells everybody whether a license is in force.
	ValidityShown
	// OnlyLicensesInfo: licenses.info is the one call that shows the license.
	OnlyLicensesInfo
	// SyncAnnouncements: the Cloud's announcements are kept in a setting.
	SyncAnnouncements
	// LicenseSchemas: licenses.add and licenses.info are checked like everything else.
	LicenseSchemas
	// ForgetfulSecondFactor: a second factor that was right is asked for again at the next write.
	ForgetfulSecondFactor
	// SettingsAtOnce: many settings are written by one call.
	SettingsAtOnce
	// SettingsSchema: the body of a write is checked to be an object.
	SettingsSchema
	// AddressShown: /api/info has the address of the workspace.
	AddressShown
	// TextBodies: a body that is declared as no JSON is the text that it is, which Meteor's check takes for a list of letters.
	TextBodies
	// AnonymousMethods: method.callAnon looks who calls.
	AnonymousMethods
	// PickyFallback: the fallback of a sync fails unless the Cloud's answer has all that it could have.
	PickyFallback
	// TypedGrants: a sync fails when the license that the Cloud answers is no text.
	TypedGrants
	// OfflineLicenses: a license may forbid the workspace to talk to the Cloud.
	OfflineLicenses
	// Forbidden: refusals have a code of their own, and those that were a 400 are a 403.
	Forbidden
	traits // how many there are
)

// span is the releases from one on until another; "" is without end.
type span struct{ from, until string }

// table says which releases have a trait: "releases between two that were run are like the older one, unless the contract
// names one".
func table() map[Trait][]span {
	return map[Trait][]span{
		BodySchemas:        {{"7.0", ""}},
		CoercedBodies:      {{"", "8.3"}, {"8.6", ""}},
		BareSentences:      {{"8.3", ""}},
		PermissionFirst:    {{"8.3", ""}},
		LateSecondFactor:   {{"7.0", ""}},
		WholeRefusals:      {{"7.0", ""}},
		StatusByPermission: {{"8.1", ""}},
		FingerprintGuarded: {
			{"7.10.13", "7.11"}, {"7.13.9", "7.14"}, {"8.0.7", "8.1"}, {"8.2.6", "8.3"}, {"8.3.6", "8.4"}, {"8.4.4", "8.5"},
			{"8.5.1", ""},
		},
		NewRouter:             {{"7.6", ""}},
		RESTLimits:            {{"", "7.6"}, {"7.9", ""}},
		FailedMethods400:      {{"8.0", ""}},
		StrictMethodCalls:     {{"5.4", "8.3"}},
		EmptyLogout:           {{"7.6", ""}},
		CredentialsByScope:    {{"7.0", ""}},
		AirGapCountdown:       {{"7.0", ""}},
		NodeTwenty:            {{"7.0", ""}},
		ExternalModules:       {{"7.0", ""}},
		NoPrivateApps:         {{"7.0", ""}},
		ValidityShown:         {{"8.3", ""}},
		OnlyLicensesInfo:      {{"7.0", ""}},
		SyncAnnouncements:     {{"7.7", ""}},
		LicenseSchemas:        {{"8.7", ""}},
		ForgetfulSecondFactor: {{"8.3", "8.6"}},
		AddressShown:          {{"8.6", ""}},
		TextBodies:            {{"7.6", "8.3"}},
		AnonymousMethods:      {{"8.3", ""}},
		PickyFallback:         {{"7.7", "8.3"}},
		TypedGrants:           {{"8.3", ""}},
		OfflineLicenses:       {{"8.7", ""}},
		Forbidden:             {{"9.0", ""}},
		SettingsAtOnce:        {{"8.6.1", ""}},
		SettingsSchema:        {{"8.3", ""}},
		PublicSettingsByID:    {{"7.0", ""}},
	}
}

// traitsOf returns the traits of a version as bits, since they are asked for at every request.
func traitsOf(version number) uint64 {
	var all uint64
	for trait, spans := range table() {
		for _, s := range spans {
			if !version.before(mustNumber(s.from)) && (s.until == "" || version.before(mustNumber(s.until))) {
				all |= 1 << trait
			}
		}
	}
	return all
}

// Has reports whether the release has the trait.
func (r Release) Has(trait Trait) bool { return r.traits&(1<<trait) != 0 }
