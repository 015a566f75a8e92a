package registration

// strategy65 is 6.5: sync over REST, and no way to disconnect or to reconnect any more.
func strategy65() strategy {
	s := strategy60()
	s.sync = road{post("cloud.syncWorkspace"), method("cloud:syncWorkspace")}
	s.disconnect = nil
	s.reconnect = nil
	s.readLicense = road{get("licenses.info"), get("licenses.get")}
	s.removeLicense = road{post("cloud.removeLicense")}
	s.fingerprint = road{post("fingerprint")}
	s.checkout = road{get("cloud.checkoutUrl")}
	s.syncProves = false
	s.syncHidesRemoval = true
	return s
}
