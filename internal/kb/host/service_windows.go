package host

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

func (l *local) Service(name string) (Service, error) {
	service, err := wide("OpenServiceW", name)
	if err != nil {
		return Service{}, err
	}
	l.services.Lock()
	defer l.services.Unlock()
	manager, err := windows.OpenSCManager(nil, nil, windows.SC_MANAGER_CONNECT)
	if err != nil {
		return Service{}, failed("OpenSCManagerW", err)
	}
	defer windows.CloseServiceHandle(manager)
	h, err := windows.OpenService(manager, service, windows.SERVICE_QUERY_STATUS|windows.SERVICE_QUERY_CONFIG)
	if err != nil {
		return Service{}, failed("OpenServiceW", err)
	}
	defer windows.CloseServiceHandle(h)

	var status windows.SERVICE_STATUS_PROCESS
	var needed uint32
	err = windows.QueryServiceStatusEx(h, windows.SC_STATUS_PROCESS_INFO, (*byte)(unsafe.Pointer(&status)), uint32(unsafe.Sizeof(status)), &needed)
	if err != nil {
		return Service{}, failed("QueryServiceStatusEx", err)
	}
	start, err := startType(h)
	if err != nil {
		return Service{}, err
	}
	return Service{State: ServiceState(status.CurrentState), Start: start, PID: status.ProcessId}, nil
}

// running is nil if the service runs, else why it is not to be asked: a client
// of COM starts the service that it asks.
func (l *local) running(name string) error {
	s, err := l.Service(name)
	switch {
	case err == ErrAbsent:
		return ErrUnsupported
	case err == nil && s.State != Running:
		return ErrStopped
	}
	return err
}

// maxServiceConfig is the largest answer of QueryServiceConfigW in bytes, as
// its documentation states.
const maxServiceConfig = 8 << 10

func startType(service windows.Handle) (StartType, error) {
	// An array of pointers, for the alignment of the struct.
	var buf [maxServiceConfig / unsafe.Sizeof(uintptr(0))]uintptr
	config := (*windows.QUERY_SERVICE_CONFIG)(unsafe.Pointer(&buf))
	var needed uint32
	if err := windows.QueryServiceConfig(service, config, maxServiceConfig, &needed); err != nil {
		return 0, failed("QueryServiceConfigW", err)
	}
	return StartType(config.StartType), nil
}
