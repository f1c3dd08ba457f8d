package host

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// describe tells what the handshake came to.
func (t *tlsSession) describe() (TLS, error) {
	const (
		remoteCertificate = 0x53
		connectionInfo    = 0x5a
	)
	var info struct{ protocol, cipher, strength, hash, hashStrength, exchange, exchangeStrength uint32 }
	if err := t.attribute(connectionInfo, unsafe.Pointer(&info)); err != nil {
		return TLS{}, err
	}
	var c *windows.CertContext
	if err := t.attribute(remoteCertificate, unsafe.Pointer(&c)); err != nil {
		return TLS{}, err
	}
	if c == nil || c.CertInfo == nil {
		return TLS{}, ErrAbsent
	}
	defer windows.CertFreeCertificateContext(c)
	versions := map[uint32]uint16{protocolTLS10: 0x301, protocolTLS11: 0x302, protocolTLS12: 0x303, protocolTLS13: 0x304}
	v := TLS{
		Version:   versions[info.protocol],
		Subject:   certificateName(c, false),
		Issuer:    certificateName(c, true),
		Names:     t.alternativeNames(c),
		NotBefore: fileTime(uint64(c.CertInfo.NotBefore.HighDateTime)<<32 | uint64(c.CertInfo.NotBefore.LowDateTime)),
		NotAfter:  fileTime(uint64(c.CertInfo.NotAfter.HighDateTime)<<32 | uint64(c.CertInfo.NotAfter.LowDateTime)),
		KeyBits:   t.keyBits(c),
	}
	if err := t.hash(c, &v.SHA1); err != nil {
		return TLS{}, err
	}
	var err error
	v.ChainStatus, err = chainStatus(c)
	return v, err
}

func certificateName(c *windows.CertContext, issuer bool) string {
	flags := uint32(0)
	if issuer {
		flags = windows.CERT_NAME_ISSUER_FLAG
	}
	buf := make([]uint16, 256)
	windows.CertGetNameString(c, windows.CERT_NAME_SIMPLE_DISPLAY_TYPE, flags, nil, &buf[0], uint32(len(buf)))
	return windows.UTF16ToString(buf)
}

func (s *schannel) keyBits(c *windows.CertContext) int {
	if s.publicKeyLength.Find() != nil {
		return 0
	}
	n, _, _ := s.publicKeyLength.Call(windows.X509_ASN_ENCODING, uintptr(unsafe.Pointer(&c.CertInfo.SubjectPublicKeyInfo)))
	return int(int32(n))
}

func (s *schannel) hash(c *windows.CertContext, to *[20]byte) error {
	const sha1Property = 3
	size := uint32(len(to))
	err := call(s.certificateProperty, uintptr(unsafe.Pointer(c)), sha1Property, uintptr(unsafe.Pointer(to)), uintptr(unsafe.Pointer(&size)))
	if err != nil {
		return failed("CertGetCertificateContextProperty", err)
	}
	return nil
}

// altNames is a CERT_ALT_NAME_INFO.
type altNames struct {
	count   uint32
	entries *altName
}

// altName is a CERT_ALT_NAME_ENTRY: one of the pointers, or a blob's size and
// its pointer.
type altName struct {
	kind   uint32
	first  uint64
	second *byte
}

// maxAltNames is the most names of a certificate that are looked at.
const maxAltNames = 64

// alternativeNames are the DNS names and addresses of a certificate. The
// system decodes them; what it cannot decode are none.
func (s *schannel) alternativeNames(c *windows.CertContext) (names []string) {
	oid := append([]byte("2.5.29.17"), 0)
	extension := windows.CertFindExtension(&oid[0], c.CertInfo.CountExtensions, c.CertInfo.Extensions)
	if extension == nil || extension.Value.Size == 0 || extension.Value.Data == nil {
		return nil
	}
	const most = 64 << 10
	size := uint32(most)
	buf := make([]uint64, most/8)
	err := windows.CryptDecodeObject(windows.X509_ASN_ENCODING, &oid[0], extension.Value.Data, extension.Value.Size, 0, unsafe.Pointer(&buf[0]), &size)
	if err != nil {
		return nil
	}
	all := (*altNames)(unsafe.Pointer(&buf[0]))
	if all.count == 0 || all.entries == nil {
		return nil
	}
	entries := unsafe.Slice(all.entries, min(all.count, maxAltNames))
	for i := range entries {
		const dns, address = 3, 8
		switch e := &entries[i]; e.kind {
		case dns:
			if name := *(**uint16)(unsafe.Pointer(&e.first)); name != nil {
				names = append(names, windows.UTF16PtrToString(name))
			}
		case address:
			size := *(*uint32)(unsafe.Pointer(&e.first))
			if e.second == nil || size != 4 && size != 16 {
				continue
			}
			if text, err := inetNtop(s.inetNtop, unsafe.Slice(e.second, size)); err == nil {
				names = append(names, text)
			}
		}
	}
	return names
}

// chainStatus judges the chain with what this machine has: nothing is fetched,
// neither issuers nor revocation lists nor the list of roots.
func chainStatus(c *windows.CertContext) (uint32, error) {
	const (
		cacheOnly    = 0x4
		noRootUpdate = 0x100
		noAIA        = 0x2000
	)
	para := &windows.CertChainPara{}
	para.Size = uint32(unsafe.Sizeof(*para))
	var chain *windows.CertChainContext
	if err := windows.CertGetCertificateChain(0, c, nil, c.Store, para, cacheOnly|noRootUpdate|noAIA, 0, &chain); err != nil {
		return 0, failed("CertGetCertificateChain", err)
	}
	defer windows.CertFreeCertificateChain(chain)
	return chain.TrustStatus.ErrorStatus, nil
}
