#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>

#include "policy/signing/keys.h"
#include "tests/support/scratch_directory.h"
#include "tests/support/test_keys.h"

namespace postern {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string KeyFile() {
  // Of this process alone: ctest runs tests side by side.
  static const ScratchDirectory scratch;
  const std::string path = scratch.name() + "/ring.pem";
  std::ofstream(path) << kTestEd25519Pem;
  chmod(path.c_str(), 0600);
  return path;
}

SigningDomain Signs(std::string_view domain, std::string_view selector,
                    bool subdomains) {
  return {
      *Domain::Parse(domain), subdomains, {{std::string(selector), KeyFile()}}};
}

// "d=selector of each key", or "" for none.
std::string KeysFor(const KeyRing& ring, std::string_view author_domain) {
  std::string found;
  for (const KeyInUse& key : ring.KeysFor(*Domain::Parse(author_domain)))
    found += key.domain.text() + "=" + key.selector;
  return found;
}

TEST(KeyRing, PrefersTheAuthorDomainItself) {
  SigningConfig config;
  config.domains = {Signs("example.org", "up", true),
                    Signs("a.example.org", "own", false)};
  const auto ring = *KeyRing::Load(config);
  EXPECT_EQ(KeysFor(*ring, "a.example.org"), "a.example.org=own");
  EXPECT_EQ(KeysFor(*ring, "example.org"), "example.org=up");
}

TEST(KeyRing, TakesTheNearestParentThatAllowsSubdomains) {
  SigningConfig config;
  config.domains = {Signs("example.org", "far", true),
                    Signs("b.example.org", "near", true),
                    Signs("a.b.example.org", "closed", false)};
  const auto ring = *KeyRing::Load(config);
  EXPECT_EQ(KeysFor(*ring, "x.b.example.org"), "b.example.org=near");
  EXPECT_EQ(KeysFor(*ring, "x.a.b.example.org"), "b.example.org=near");
  EXPECT_EQ(KeysFor(*ring, "x.y.example.org"), "example.org=far");
}

TEST(KeyRing, HasNoKeyForOtherDomains) {
  SigningConfig config;
  config.domains = {Signs("example.org", "s", false)};
  const auto ring = *KeyRing::Load(config);
  EXPECT_EQ(KeysFor(*ring, "a.example.org"), "");
  EXPECT_EQ(KeysFor(*ring, "badexample.org"), "");
  EXPECT_EQ(KeysFor(*ring, "org"), "");
  EXPECT_EQ(KeysFor(**KeyRing::Load({}), "example.org"), "");
}

TEST(KeyRing, ReadsAFileOnceForManyDomains) {
  SigningConfig config;
  config.domains = {Signs("a.example", "s", false),
                    Signs("b.example", "s", false)};
  const auto ring = *KeyRing::Load(config);
  ASSERT_EQ(ring->all().size(), 2u);
  EXPECT_EQ(ring->all()[0].key, ring->all()[1].key);
}

TEST(KeyRing, KeepsTheOrderOfADomainsKeys) {
  SigningConfig config;
  config.domains = {Signs("example.org", "rsa", false)};
  config.domains[0].keys.push_back({"ed", KeyFile()});
  EXPECT_EQ(KeysFor(**KeyRing::Load(config), "example.org"),
            "example.org=rsaexample.org=ed");
}

TEST(KeyRing, NamesDomainSelectorAndFileOfABadKey) {
  SigningConfig config;
  config.domains = {Signs("good.example", "s", false),
                    Signs("bad.example", "sel", false)};
  config.domains[1].keys[0].file = "/nowhere/k.pem";
  const auto ring = KeyRing::Load(config);
  ASSERT_FALSE(ring);
  EXPECT_THAT(ring.error().message,
              AllOf(HasSubstr("bad.example"), HasSubstr("sel"),
                    HasSubstr("/nowhere/k.pem")));
}

TEST(KeyRing, RefusesABadSelector) {
  SigningConfig config;
  for (const char* selector : {"", "a b", "a..b", "a;b=c"}) {
    config.domains = {Signs("example.org", selector, false)};
    EXPECT_FALSE(KeyRing::Load(config)) << selector;
  }
}

TEST(KeyRing, RefusesWhatIsListedTwice) {
  SigningConfig config;
  config.domains = {Signs("example.org", "a", false),
                    Signs("example.org", "b", false)};
  EXPECT_FALSE(KeyRing::Load(config));
  config.domains.pop_back();
  config.domains[0].keys.push_back({"A", KeyFile()});
  EXPECT_FALSE(KeyRing::Load(config));
}

}  // namespace
}  // namespace postern
