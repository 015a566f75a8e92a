package cloudmodule

import (
	"cmp"
	"crypto/rand"
	"fmt"
)

// The values of fingerprint's setDeploymentAs.
const (
	newWorkspace         = "new-workspace"
	updatedConfiguration = "updated-configuration"
)

// setDeployment tells the workspace what has become of its deployment. A new workspace forgets its registration and
// gets another unique id, unless the environment fixes it.
func (m *Module) setDeployment(as string) {
	if as == newWorkspace {
		m.dropCredentials()
		m.reset(grantIDs()...)
		m.reset("Cloud_Service_Agree_PrivacyTerms", cloudLicense, "Cloud_Workspace_Had_Trial")
		m.reset(tokenSetting, expirySetting, "Cloud_Workspace_Registration_State")
		m.update("uniqueID", cmp.Or(m.deploymentID, newUUID()))
	}
	m.update("Deployment_FingerPrint_Verified", true)
}

// newUUID returns a random UUID, version 4.
func newUUID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
