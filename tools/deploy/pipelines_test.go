package deploy_test

import (
	"os"
	"path/filepath"
	"testing"

	"sigs.k8s.io/yaml"
)

// workflow has the keywords of GitHub Actions that the workflows here use; "on" is read as the boolean that YAML 1.1 takes it for.
type workflow struct {
	Name        string            `json:"name"`
	On          map[string]any    `json:"true"`
	Permissions map[string]string `json:"permissions"`
	Concurrency string            `json:"concurrency"`
	Jobs        map[string]struct {
		RunsOn         string `json:"runs-on"`
		TimeoutMinutes int    `json:"timeout-minutes"`
		Strategy       struct {
			FailFast bool                `json:"fail-fast"`
			Matrix   map[string][]string `json:"matrix"`
		} `json:"strategy"`
		Steps []struct {
			Name  string            `json:"name"`
			If    string            `json:"if"`
			Uses  string            `json:"uses"`
			With  map[string]any    `json:"with"`
			Run   string            `json:"run"`
			Shell string            `json:"shell"`
			Env   map[string]string `json:"env"`
		} `json:"steps"`
	} `json:"jobs"`
}

// TestGitHubActions: the example and the workflows of this repository have keywords of GitHub alone, and each step either runs or uses something.
func TestGitHubActions(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("../../.github/workflows/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(paths, filepath.Join(folder, "ci", "github-actions.yaml")) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var flow workflow
		strictly(t, text, &flow)
		if len(flow.On) == 0 || len(flow.Jobs) == 0 || flow.Permissions["contents"] == "" {
			t.Errorf("%s: %+v", path, flow)
		}
		for name, job := range flow.Jobs {
			for _, step := range job.Steps {
				if (step.Run == "") == (step.Uses == "") || job.RunsOn == "" || job.TimeoutMinutes == 0 {
					t.Errorf("%s: job %s: %+v", path, name, step)
				}
			}
		}
	}
	if err := yaml.UnmarshalStrict([]byte("on: {push: {}}\njobs: {sync: {runs-on: ubuntu-latest, step: []}}"), new(workflow)); err == nil {
		t.Error("a keyword that GitHub does not know passes")
	}
}

// TestGitLabCI: the pipeline has the keywords of GitLab's reference that it uses, and no others.
func TestGitLabCI(t *testing.T) {
	t.Parallel()
	var pipeline struct {
		Stages []string `json:"stages"`
		Sync   struct {
			Stage         string              `json:"stage"`
			Image         string              `json:"image"`
			Rules         []map[string]string `json:"rules"`
			ResourceGroup string              `json:"resource_group"`
			Timeout       string              `json:"timeout"`
			Script        []string            `json:"script"`
			Artifacts     struct {
				When     string   `json:"when"`
				Access   string   `json:"access"`
				Paths    []string `json:"paths"`
				ExpireIn string   `json:"expire_in"`
			} `json:"artifacts"`
		} `json:"sync"`
	}
	strictly(t, read(t, "ci/gitlab-ci.yml"), &pipeline)
	if len(pipeline.Stages) != 1 || pipeline.Sync.Stage != pipeline.Stages[0] || len(pipeline.Sync.Script) == 0 {
		t.Errorf("%+v", pipeline)
	}
}

// TestAnsible: the play has the keywords of Ansible that it uses, and no others.
func TestAnsible(t *testing.T) {
	t.Parallel()
	var plays []struct {
		Name  string `json:"name"`
		Hosts string `json:"hosts"`
		Tasks []struct {
			Name    string `json:"name"`
			Command struct {
				Argv []string `json:"argv"`
			} `json:"ansible.builtin.command"`
			Environment map[string]string `json:"environment"`
			NoLog       string            `json:"no_log"`
			Register    string            `json:"register"`
			ChangedWhen string            `json:"changed_when"`
			FailedWhen  string            `json:"failed_when"`
			Until       string            `json:"until"`
			Retries     int               `json:"retries"`
			Delay       int               `json:"delay"`
		} `json:"tasks"`
	}
	strictly(t, read(t, "ansible/register.yml"), &plays)
	if len(plays) != 1 || len(plays[0].Tasks) != 1 || len(plays[0].Tasks[0].Command.Argv) < 2 {
		t.Errorf("%+v", plays)
	}
}
