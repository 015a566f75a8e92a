package settingsapi

import (
	"fmt"

	"github.com/rcreg/registration/registrationtest/internal/server"
)

// checkBatch looks for a list of settings that is not empty.
func (a *API) checkBatch(r *server.Request) error {
	const code = "invalid-params"
	if err := server.SchemaFields(a.Release, code, r.Value, server.Field{Name: "settings"}); err != nil {
		return err
	}
	if list, ok := r.Body["settings"].([]any); ok && len(list) == 0 {
		return &server.MeteorError{Code: code, Reason: "must NOT have fewer than 1 items"}
	}
	return nil
}

// writeBatch writes many settings, the hidden ones too, which writing one refuses.
func (a *API) writeBatch(r *server.Request) (map[string]any, error) {
	list, _ := r.Body["settings"].([]any)
	ids, values := make([]any, 0, len(list)), map[string]any{}
	for _, item := range list {
		object, _ := item.(map[string]any)
		id, _ := object["_id"].(string)
		ids, values[id] = append(ids, id), object["value"]
	}
	if !r.Caller.Can("edit-privileged-setting") {
		return nil, &server.MeteorError{
			Code: "error-action-not-allowed", Reason: "Editing settings is not allowed",
			Details: map[string]any{"method": "saveSettings", "settingIds": ids},
		}
	}
	for id, value := range values {
		if err := a.checkType(id, value); err != nil {
			return nil, err
		}
	}
	for id, value := range values {
		a.Settings.Set(id, value)
	}
	return nil, nil
}

// checkType wants a value of the type that the setting has; one that there is not is a text.
func (a *API) checkType(id string, value any) error {
	wanted := "string"
	if stored := a.Settings.Stored(id); stored != nil {
		wanted = server.TypeOf(stored)
	}
	if got := server.TypeOf(value); got != wanted {
		return &server.MatchError{Message: fmt.Sprintf("Expected %s, got %s", wanted, got)}
	}
	return nil
}
