// Keys for tests. They are public and protect nothing.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "policy/signing/keys.h"

namespace postern {

extern const std::string_view kTestRsa1024Pem;  // PKCS#8
extern const std::string_view kTestRsa2048Pem;  // PKCS#1
extern const std::string_view kTestEd25519Pem;  // RFC 8463 appendix A.1

// "v=DKIM1; k=rsa; p=…"
[[nodiscard]] std::string KeyRecordOf(const PrivateKey& key);

[[nodiscard]] KeyInUse TestKey(std::string_view domain,
                               std::string_view selector, std::string_view pem);

}  // namespace postern
