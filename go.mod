module github.com/rcreg/registration

go 1.25.0

require github.com/hashicorp/go-version v1.9.0
