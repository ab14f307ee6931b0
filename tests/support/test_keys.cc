#include "tests/support/test_keys.h"

#include <fmt/format.h>

#include <cstdlib>

namespace postern {

const std::string_view kTestRsa1024Pem = R"(-----BEGIN PRIVATE KEY-----
MIICdwIBADANBgkqhkiG9w0BAQEFAASCAmEwggJdAgEAAoGBAPMrwKoSqYwgw+o+
vNqwhXh2/uLYRGs/H8VxYijNGlyo67SoD3/aGQjOh7Dhki3Ziz0Xh5Otzk3wNXER
yKrV8QgVbiuywezZRSHkVSd/RmBhHJn4dmIDO07fI2aPHPcGJrfsX2+cF8XGYBg7
4ro1uftmwfJBIJLdqrACJFSFVJdXAgMBAAECgYEA7F6jMK5jUGqpBZFmUc00cBx7
NlWya+04HNxR5gc4kMlCFKEoL8b4fq8DBtS9GwRTbFbq2oof93J/ACGhRS4g0y2Z
Q/7t4wcn2K9gwBIi/GUo3ABO6KWZ/CQDZhNMbMpqLPMH1AOQ+whT5rfmApbtcLDm
yoJGJu3AZmAnhN7LsgECQQD+pRRCFDv+T/omhSX9BlUdwkMUZfpT9gY1Bf7l61vS
UOBbVvqWTG1IYxBruixbGtDGqyiQCXQpTOsJiZrp7kQhAkEA9HcKrSSBKJXNiQz+
geJeXesyXYKX47oKdwATsZtPj7Ay0NQ4Jsp7uMrqH+Z6g0YNR78azHI5d/5mWvSo
KDVsdwJAJFNeSXLjgArer4INAkRV/hHJSe6mQDX3erbpPtlNVvpMlxsYUjqC2HGx
VPzQ+QohQEYIWkvO81lSqiCkJbzkoQJAebksX7nldcfhZ3RI5XNJeYo6scTszD8+
JrKrG6wxmWIqa0DAFNCNeh3PJcMlDWg8BJVrSpE1fEH3xSI8+IhhUQJBAPwKTbY9
S7LAu0N4Q3SqRfiVQFdg5e8iHUPTS7Vi6PMAPXI3VcgKnVxLbF0NTvS7um+6nbom
MnTlCu0jYB4tRoM=
-----END PRIVATE KEY-----
)";

const std::string_view kTestRsa2048Pem = R"(-----BEGIN RSA PRIVATE KEY-----
MIIEpQIBAAKCAQEAxfDnP/GxYTjsuSGX8s6IUOdfV6e08qJZaXg+vQixDjZyUUpl
d28EHYBXavOYq4LrIIeg4D15pGn32qqXO6ptLWfHt3eAX7LjcSo8SSH6J/616hkt
UADCIroTLUD9S5miri7BCFktWPmMOgnCJ+7itvU1KD8Dxc//pGsbzzousHz2JoUH
VDO4HtcanTJ2Aew9X4G5R4/+PYJrxeMVrK+u0Q28BUNJWn/R1tYbRHkUNWy4kzl2
qmG0RMqBQ3eypXt1fJ0+9bzZfT7rSwpiRYYBNtc50qVHDgCSWCBRLc0dXFaJ0ywG
9BKLj/o3+1clqd8jMfYCx5AKHuroi/KUwf6nbwIDAQABAoIBABY8Q535RpXHUUBS
t8D81m9QLnOoUTlYZ3bjnRibG1ifYSQkmVVbUTkHK8rF5oaNxF/5HGdUQI/pn4Ae
3bJEKNOK7vJ7KB6X99jEh9UnTfSkNkc/4Mk17Jj+Eh1pSYrujUnH0sNfUSrHjasP
YZIe0bT/wqLswT29adhMd+lFfe0xSb4LoE7iBTs53lDgWm2S7v95K8AJmcO5a4xQ
bmK0OWNOuNPimGrP3WmjvAzAJkx8Q6Pc4tLTGdowrwVzUmqj/sgFwaVsDEwFqN8w
cDlpMIax7CPZPyDpcZ1WdrCnIigiP0IzL5cFouAzauxrt5aihjROykyzgDbtczCc
BA8gttECgYEA8Hv4UsAk0Ruk1eVhK1EdaKEctN9WFsGbWukdrWclyGsbUu1iV4VR
OfZKyaE1RkliMr+OqM1+1D7a1YqlG+TesT3IpgXqSYqr4NitNXLA0JN5FkzVbUOi
hYDFiwyhoVozIi+Hzgfkwp+HUpq8104h3fnBWqJfyxCk2snkv6+H47MCgYEA0rZB
X9ptez3svPAOp+KgE3XaFzZQg3/28p51Vc1pNcRRRFoJjJgKfazmpN4p5YuzKxCA
fwHjMwQ/m1+4yrRtbPbU0UxCnHak8+JbhsB//lw0zJkHLPZey/8zsB02PGYhwcF2
HtXhop/5OGvY0/HQ/gtz7D+xSt0dtnmvFkRNP1UCgYEA5FeSDmDLlJH/DepjPVIj
7nksXMHDaJAlB0laGJBcW9T3eOJWAmxgF/04PgOIJlj/mNgyiS22Q6n699BRvg6v
NPRJVPtA3tuBIFoc/Scc1e9xhi8maD1UUBdZexJfVmnjK46eEI+GMxZu04yByp4x
oifH5FtRQetn3SbewPPWv+kCgYEAtUy2AUiKrODCQmr24UMgYr4jcZd9PTgsfeMT
qEj+fpG1Lu+dicgENtA+/5pcSDKkbahcN2ujVnEQXZrGADuwb3IN+Sv5oHCBS4r3
H4GgX3Zsw6Hjx68QL8wcaCsqUFu8Ld9MyAlVhDzLDd3Vib9mCEBIdPz0iiqo9ynK
GYmZQaUCgYEA2AA9nBdROr18QbuUZjbFrjYlEaQL8sxOwonjao0kDjPCSFs71kIh
1fNpTbe26p2es7Bth2lUYkSz44RCT26MYcCxzkeckWq+RxI51Ozilb6lNocxZSnS
Pppwwl+pS+GghHrpFZIqFOKJLlX77/AyywppNERg9Ssj74oovsl2+eY=
-----END RSA PRIVATE KEY-----
)";

const std::string_view kTestEd25519Pem = R"(-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
)";

std::string KeyRecordOf(const PrivateKey& key) {
  const bool is_rsa = key.algorithm() == KeyAlgorithm::kRsaSha256;
  return fmt::format("v=DKIM1; k={}; p={}", is_rsa ? "rsa" : "ed25519",
                     key.public_base64());
}

KeyInUse TestKey(std::string_view domain, std::string_view selector,
                 std::string_view pem) {
  const auto key = PrivateKey::FromPem(pem);
  if (!key) std::abort();  // a test that cannot begin
  return {*Domain::Parse(domain), std::string(selector), *key};
}

}  // namespace postern
