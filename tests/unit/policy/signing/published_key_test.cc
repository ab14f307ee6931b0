#include <gtest/gtest.h>

#include <string>

#include "policy/signing/keys.h"
#include "tests/support/map_dns.h"
#include "tests/support/test_keys.h"

namespace postern {
namespace {

constexpr const char* kName = "s._domainkey.example.org";

PublishedKey Ask(std::vector<std::string> records) {
  MapDns dns;
  dns.txt[kName] = std::move(records);
  return AskPublishedKey(TestKey("example.org", "s", kTestEd25519Pem), dns,
                         Deadline::max());
}

std::string Record() {
  return KeyRecordOf(*TestKey("example.org", "s", kTestEd25519Pem).key);
}

TEST(PublishedKey, Matches) {
  EXPECT_EQ(Ask({Record()}), PublishedKey::kMatches);
  EXPECT_EQ(Ask({Record() + "; t=y; n=x"}), PublishedKey::kMatches);
}

TEST(PublishedKey, DiffersFromAnotherKeyOrUse) {
  const KeyInUse other = TestKey("example.org", "s", kTestRsa1024Pem);
  EXPECT_EQ(Ask({KeyRecordOf(*other.key)}), PublishedKey::kDiffers);
  EXPECT_EQ(Ask({"k=ed25519; p=YWJj"}), PublishedKey::kDiffers);
  EXPECT_EQ(Ask({Record() + "; h=sha1"}), PublishedKey::kDiffers);
  EXPECT_EQ(Ask({Record() + "; s=other"}), PublishedKey::kDiffers);
}

TEST(PublishedKey, IsRevokedByAnEmptyKey) {
  EXPECT_EQ(Ask({"v=DKIM1; k=ed25519; p="}), PublishedKey::kRevoked);
}

TEST(PublishedKey, IsMissingWithoutAKeyRecord) {
  EXPECT_EQ(Ask({}), PublishedKey::kMissing);
  EXPECT_EQ(Ask({"v=spf1 -all"}), PublishedKey::kMissing);
  MapDns empty;
  EXPECT_EQ(AskPublishedKey(TestKey("example.org", "s", kTestEd25519Pem), empty,
                            Deadline::max()),
            PublishedKey::kMissing);
}

TEST(PublishedKey, IsMalformedWhenItCannotBeRead) {
  EXPECT_EQ(Ask({"garbage"}), PublishedKey::kMalformed);
  EXPECT_EQ(Ask({Record() + "; p=YWJj"}), PublishedKey::kMalformed);
  EXPECT_EQ(Ask({Record(), Record()}), PublishedKey::kMalformed);
}

TEST(PublishedKey, IsUnknownWhenDnsDoesNotAnswer) {
  MapDns dns;
  dns.silent.insert(kName);
  EXPECT_EQ(AskPublishedKey(TestKey("example.org", "s", kTestEd25519Pem), dns,
                            Deadline::max()),
            PublishedKey::kUnknown);
}

}  // namespace
}  // namespace postern
