package temporal

import (
	"context"
	"errors"

	common "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"
)

// keyConverter keeps a worker that lacks a key from ending workflows that it cannot read, as an error would: while a key is replaced, or when one worker is set up
// wrongly. In a workflow it panics, which is how the SDK is told to leave the workflow as it is: the server offers it again, until a worker has the key.
type keyConverter struct {
	converter.DataConverter
	inWorkflow bool
}

// WithWorkflowContext implements [workflow.ContextAware].
func (c keyConverter) WithWorkflowContext(workflow.Context) converter.DataConverter {
	c.inWorkflow = true
	return c
}

// WithContext implements [workflow.ContextAware].
func (c keyConverter) WithContext(context.Context) converter.DataConverter { return c }

// FromPayload decrypts and decodes one value.
func (c keyConverter) FromPayload(payload *common.Payload, to any) error {
	return c.leave(c.DataConverter.FromPayload(payload, to))
}

// FromPayloads decrypts and decodes values.
func (c keyConverter) FromPayloads(payloads *common.Payloads, to ...any) error {
	return c.leave(c.DataConverter.FromPayloads(payloads, to...))
}

func (c keyConverter) leave(err error) error {
	if c.inWorkflow && errors.Is(err, errUnknownKey) {
		panic(err)
	}
	return err
}

var _ workflow.ContextAware = keyConverter{}
