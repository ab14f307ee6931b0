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
  for (const KeyInUse& key :
       ring.KeysFor("a", *Domain::Parse(author_domain)).keys)
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
  EXPECT_EQ(ring->KeysFor("a", *Domain::Parse("a.example")).keys[0].key,
            ring->KeysFor("a", *Domain::Parse("b.example")).keys[0].key);
}

TEST(KeyRing, ReadsAChangedFileAfterAReload) {
  SigningConfig config;
  config.domains = {Signs("a.example", "s", false)};
  const ScratchDirectory scratch;
  const std::string file = scratch.name() + "/k.pem";
  config.domains[0].keys[0].file = file;
  const auto bits = [&](const KeyRing& ring) {
    return ring.KeysFor("a", *Domain::Parse("a.example"))
        .keys.at(0)
        .key->bits();
  };
  std::ofstream(file) << kTestRsa1024Pem;
  chmod(file.c_str(), 0600);
  const auto before = *KeyRing::Load(config);
  EXPECT_EQ(bits(*before), 1024);
  std::ofstream(file) << kTestRsa2048Pem;
  EXPECT_EQ(bits(*before), 1024);
  EXPECT_EQ(bits(**KeyRing::Load(config)), 2048);
}

TEST(KeyRing, KeepsTheOrderOfADomainsKeys) {
  SigningConfig config;
  config.domains = {Signs("example.org", "rsa", false)};
  config.domains[0].keys.push_back({"ed", KeyFile()});
  EXPECT_EQ(KeysFor(**KeyRing::Load(config), "example.org"),
            "example.org=rsaexample.org=ed");
}

TEST(KeyRing, SaysWhichKeyCannotBeRead) {
  SigningConfig config;
  config.domains = {Signs("bad.example", "sel", false)};
  config.domains[0].keys[0].file = "/nowhere/k.pem";
  const auto ring = *KeyRing::Load(config);
  const KeyChoice choice = ring->KeysFor("a", *Domain::Parse("bad.example"));
  EXPECT_TRUE(choice.keys.empty());
  EXPECT_THAT(choice.faults, testing::ElementsAre(
                                 AllOf(HasSubstr("sel._domainkey.bad.example"),
                                       HasSubstr("/nowhere/k.pem"))));
  EXPECT_EQ(choice.unsigned_reason, choice.faults[0]);
}

TEST(KeyRing, SignsWithTheKeysThatCanBeRead) {
  SigningConfig config;
  config.domains = {Signs("a.example", "good", false)};
  config.domains[0].keys.push_back({"bad", "/nowhere/k.pem"});
  const auto ring = *KeyRing::Load(config);
  const KeyChoice choice = ring->KeysFor("a", *Domain::Parse("a.example"));
  ASSERT_EQ(choice.keys.size(), 1u);
  EXPECT_EQ(choice.keys[0].selector, "good");
  EXPECT_EQ(choice.faults.size(), 1u);
}

TEST(KeyRing, SignsWithActiveKeysOnly) {
  SigningConfig config;
  config.domains = {Signs("a.example", "p", false)};
  std::vector<SigningKey>& keys = config.domains[0].keys;
  keys = {{"p", KeyFile(), KeyStage::kPending},
          {"a", KeyFile(), KeyStage::kActive},
          {"g", KeyFile(), KeyStage::kRetiring},
          {"d", "/nowhere/k.pem", KeyStage::kRetired}};
  EXPECT_EQ(KeysFor(**KeyRing::Load(config), "a.example"), "a.example=a");
  EXPECT_EQ((*KeyRing::Load(config))->References().size(), 4u);
}

TEST(KeyRing, SaysWhichStagesADomainsKeysHave) {
  SigningConfig config;
  config.domains = {Signs("a.example", "p", false)};
  config.domains[0].keys = {{"p", KeyFile(), KeyStage::kPending},
                            {"d", KeyFile(), KeyStage::kRetired}};
  EXPECT_EQ((*KeyRing::Load(config))
                ->KeysFor("a", *Domain::Parse("a.example"))
                .unsigned_reason,
            "no active key for a.example: p is pending, d is retired");
}

TEST(KeyRing, LeavesAnInactiveDomainToItsParent) {
  SigningConfig config;
  config.domains = {Signs("example.org", "up", true),
                    Signs("a.example.org", "own", false)};
  config.domains[1].keys[0].stage = KeyStage::kPending;
  EXPECT_EQ(KeysFor(**KeyRing::Load(config), "a.example.org"),
            "example.org=up");
}

TEST(KeyRing, SignsForStrangersWithTheFallbackDomain) {
  SigningConfig config;
  config.domains = {Signs("example.org", "own", false)};
  config.fallback_domain = Domain::Parse("example.org");
  EXPECT_EQ(KeysFor(**KeyRing::Load(config), "foreign.example"),
            "example.org=own");
}

TEST(KeyRing, TellsWhatIsDoneWithUnsignedMail) {
  SigningConfig config;
  config.unsigned_mail = UnsignedMail::kHold;
  config.domains = {Signs("example.org", "s", true),
                    Signs("b.example.org", "s", false)};
  config.domains[0].unsigned_mail = UnsignedMail::kReject;
  const auto ring = *KeyRing::Load(config);
  const auto policy = [&](std::string_view author) {
    return ring->UnsignedPolicy(*Domain::Parse(author));
  };
  EXPECT_EQ(policy("example.org"), UnsignedMail::kReject);
  EXPECT_EQ(policy("b.example.org"), UnsignedMail::kReject);
  EXPECT_EQ(policy("x.example.org"), UnsignedMail::kReject);
  EXPECT_EQ(policy("example.net"), UnsignedMail::kHold);
}

// A ring on tables of one line each, with a key file beside them.
std::shared_ptr<const KeyRing> RingOn(const std::string& key_line,
                                      const std::string& signing_line,
                                      SigningConfig config) {
  static const ScratchDirectory scratch;
  const std::string folder = scratch.name() + "/";
  std::ofstream(folder + "keys") << key_line << '\n';
  std::ofstream(folder + "signing") << signing_line << '\n';
  for (const char* name : {"k.pem", "a.example.pem"}) {
    std::ofstream(folder + name) << kTestEd25519Pem;
    chmod((folder + name).c_str(), 0600);
  }
  config.key_table = folder + "keys";
  config.signing_table = "refile:" + folder + "signing";
  const auto ring = KeyRing::Load(config);
  if (!ring) ADD_FAILURE() << ring.error().message;
  return ring ? *ring : nullptr;
}

TEST(KeyRing, ReadsPathsOfAKeyTableFromItsFolder) {
  EXPECT_EQ(KeysFor(*RingOn("k b.example:s:./k.pem", "*@a.example k", {}),
                    "a.example"),
            "b.example=s");
}

TEST(KeyRing, PutsTheAuthorsDomainForAPercentSign) {
  EXPECT_EQ(KeysFor(*RingOn("k %:s:./%.pem", "* k", {}), "a.example"),
            "a.example=s");
}

TEST(KeyRing, TakesAKeyFromTheTableItself) {
  const std::string der =
      "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";
  EXPECT_EQ(KeysFor(*RingOn("k %:s:" + der, "* k", {}), "a.example"),
            "a.example=s");
}

TEST(KeyRing, PrefersItsOwnDomainsToTheTables) {
  SigningConfig config;
  config.domains = {Signs("a.example", "toml", true)};
  const auto ring = RingOn("k %:table:./k.pem", "* k", config);
  EXPECT_EQ(KeysFor(*ring, "a.example"), "a.example=toml");
  // Aligned as strictly as can be: the table's d= is the author's domain.
  EXPECT_EQ(KeysFor(*ring, "x.a.example"), "x.a.example=table");
  EXPECT_EQ(KeysFor(*RingOn("k other.example:table:./k.pem", "* k", config),
                    "x.a.example"),
            "a.example=toml");
}

TEST(KeyRing, SaysThatATableLacksTheAuthorsKey) {
  const auto ring = RingOn("k %:s:./k.pem", "* %", {});
  EXPECT_EQ(ring->KeysFor("a", *Domain::Parse("a.example")).unsigned_reason,
            "the key table has no key named \"a.example\"");
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
