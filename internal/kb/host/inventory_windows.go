package host

import (
	"bytes"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

func (*local) Clock() (Clock, error) {
	now := time.Now()
	// Without the clock's monotonic part, which would count on in sleep.
	return Clock{Now: now.Round(0).UTC(), Boot: now.Add(-windows.DurationSinceBoot()).Round(0).UTC()}, nil
}

func (*local) SecureKernel() (SecureKernel, error) {
	const isolatedUserMode = 165
	var info [16]byte
	var n uint32
	err := windows.NtQuerySystemInformation(isolatedUserMode, unsafe.Pointer(&info), uint32(len(info)), &n)
	if err != nil {
		return 0, failed("NtQuerySystemInformation", err)
	}
	return SecureKernel(uint32(info[0]) | uint32(info[1])<<8 | uint32(info[2])<<16), nil
}

// maxCertificates bounds what is listed of a store.
const maxCertificates = 4096

func (l *local) Certificates(store string) ([]Certificate, error) {
	const localMachine = 2 << 16 // CERT_SYSTEM_STORE_LOCAL_MACHINE
	name, err := wide("CertOpenStore", store)
	if err != nil {
		return nil, err
	}
	h, err := windows.CertOpenStore(windows.CERT_STORE_PROV_SYSTEM_W, 0, 0,
		localMachine|windows.CERT_STORE_READONLY_FLAG|windows.CERT_STORE_OPEN_EXISTING_FLAG, uintptr(unsafe.Pointer(name)))
	if err != nil {
		return nil, failed("CertOpenStore", err)
	}
	defer windows.CertCloseStore(h, 0)
	all := []Certificate{}
	var c *windows.CertContext
	for {
		// Each call frees the certificate before; the last one's error is
		// CRYPT_E_NOT_FOUND.
		if c, _ = windows.CertEnumCertificatesInStore(h, c); c == nil {
			return all, nil
		}
		if len(all) == maxCertificates {
			windows.CertFreeCertificateContext(c)
			return nil, &CallError{Call: "CertEnumCertificatesInStore", Code: errorMoreData}
		}
		v, err := l.certificate(c)
		if err != nil {
			windows.CertFreeCertificateContext(c)
			return nil, err
		}
		all = append(all, v)
	}
}

func (l *local) certificate(c *windows.CertContext) (Certificate, error) {
	const sha1Hash, keyProvInfo = 3, 2
	v := Certificate{
		NotBefore: fileTime(uint64(c.CertInfo.NotBefore.HighDateTime)<<32 | uint64(c.CertInfo.NotBefore.LowDateTime)),
		NotAfter:  fileTime(uint64(c.CertInfo.NotAfter.HighDateTime)<<32 | uint64(c.CertInfo.NotAfter.LowDateTime)),
		SelfMade:  bytes.Equal(blob(c.CertInfo.Subject), blob(c.CertInfo.Issuer)),
	}
	get := l.certGetCertificateContextProperty
	size := uint32(len(v.SHA1))
	err := call(get, uintptr(unsafe.Pointer(c)), sha1Hash, uintptr(unsafe.Pointer(&v.SHA1)), uintptr(unsafe.Pointer(&size)))
	if err != nil {
		return v, failed(get.Name, err)
	}
	// Only whether it is there: without a buffer.
	v.HasKey = call(get, uintptr(unsafe.Pointer(c)), keyProvInfo, 0, uintptr(unsafe.Pointer(&size))) == nil
	return v, nil
}

func blob(b windows.CertNameBlob) []byte { return unsafe.Slice(b.Data, b.Size) }
