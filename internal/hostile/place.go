package hostile

// Places are addresses to which the server at https://host may try to lure a client, by name. The secret is one that the client has sent.
func Places(host, secret string) map[string]string {
	return map[string]string{
		"another host":               "https://evil.example.com/",
		"another host, same path":    "https://evil.example.com/api/v1/login",
		"a sub-domain":               "https://evil." + host + "/",
		"the parent domain":          "https://example.com/",
		"a longer name":              "https://" + host + ".evil.test/",
		"a dot behind the name":      "https://" + host + "./",
		"another port":               "https://" + host + ":8443/",
		"down to plain HTTP":         "http://" + host + "/",
		"plain HTTP, port of HTTPS":  "http://" + host + ":443/",
		"this machine":               "http://127.0.0.1:3001/",
		"this machine, IPv6":         "http://[::1]:3001/",
		"this machine, by name":      "http://localhost/",
		"the cloud's metadata":       "http://169.254.169.254/latest/meta-data/",
		"the host as a user name":    "https://" + host + "@evil.example.com/",
		"the host and a port, too":   "https://" + host + ":443@evil.example.com/",
		"a user name on the host":    "https://user:password@" + host + "/",
		"without a scheme":           "//evil.example.com/",
		"with a WebSocket's scheme":  "wss://evil.example.com/websocket",
		"a WebSocket, plain":         "ws://" + host + "/websocket",
		"a name in Unicode":          "https://ch\u0430t.example.com/",
		"the same name in Punycode":  "https://xn--cht-5cd.example.com/",
		"with the secret in a query": "https://evil.example.com/?t=" + secret,
		"with the secret in a path":  "https://evil.example.com/" + secret,
		"with the secret in a host":  "https://" + secret + ".evil.example.com/",
		"another protocol":           "ftp://" + host + "/",
		"a file":                     "file:///etc/passwd",
		"a script":                   "javascript:alert(1)",
		"data":                       "data:application/json,{\"success\":true}",
	}
}
