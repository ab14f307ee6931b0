#include "policy/remedies/bounce_address.h"

#include <gtest/gtest.h>

#include "policy/base/text.h"
#include "policy/message/address.h"

namespace postern {
namespace {

constexpr TimePoint kNow{std::chrono::seconds(1'795'262'400)};
constexpr auto kDay = std::chrono::hours(24);

Config With(std::string rewrite,
            std::vector<std::string> secrets = {"a secret of the tests 1"}) {
  Config config;
  config.bounce_domain = Domain::Parse("bounces.example");
  config.sender_rewrite = std::move(rewrite);
  config.sender_secrets = std::move(secrets);
  return config;
}

std::string Switched(const std::string& sender, const Config& config,
                     TimePoint now = kNow) {
  return BounceAddressFor(sender, config, now).value_or("none");
}

std::string Back(const std::string& address, const Config& config,
                 TimePoint now = kNow) {
  const Result<std::string> sender = SenderBehind(address, config, now);
  return sender ? *sender : sender.error().message;
}

bool IsForged(const std::string& address, const Config& config) {
  return Back(address, config).starts_with("forged");
}

TEST(BounceAddress, LeadsBackInEveryForm) {
  for (const char* rewrite : {"srs", "verp"})
    for (const char* sender :
         {"alice@example.org", "Bob.B+tag@Sub.Example.NET", "a=b@example.org",
          "a=b=c@x.example", "SRS0@example.org", "bounces+x@y.example"}) {
      const Config config = With(rewrite);
      const std::string address = Switched(sender, config);
      EXPECT_TRUE(address.ends_with("@bounces.example")) << address;
      EXPECT_EQ(Back(address, config), sender) << address;
    }
}

TEST(BounceAddress, HasTheFormThatOtherForwardersKnow) {
  const std::string srs = Switched("alice@example.org", With("srs"));
  EXPECT_TRUE(srs.starts_with("SRS0=")) << srs;
  EXPECT_TRUE(srs.ends_with("=example.org=alice@bounces.example")) << srs;
  EXPECT_TRUE(
      Switched("alice@example.org", With("verp")).starts_with("bounces+"));
}

TEST(BounceAddress, KeepsTheOldFormWithoutSecrets) {
  const Config config = With("verp", {});
  EXPECT_EQ(Switched("alice@example.org", config),
            "bounces+alice=example.org@bounces.example");
  EXPECT_EQ(Back("bounces+alice=example.org@bounces.example", config),
            "sender.srs_secret_file is not set: nothing can be proved");
  EXPECT_EQ(Switched("alice@example.org", With("srs", {})), "none");
}

TEST(BounceAddress, SurvivesAChangeOfCase) {
  for (const char* rewrite : {"srs", "verp"}) {
    const Config config = With(rewrite);
    const std::string address = Switched("Alice@Example.org", config);
    EXPECT_EQ(ToLower(Back(ToLower(address), config)), "alice@example.org");
  }
}

TEST(BounceAddress, IsForgedWhenAnyPartIsChanged) {
  for (const char* rewrite : {"srs", "verp"}) {
    const Config config = With(rewrite);
    const std::string address = Switched("alice@example.org", config);
    const std::size_t end = address.find('@');
    for (std::size_t i = 0; i < end; ++i) {
      std::string changed = address;
      changed[i] = changed[i] == 'x' ? 'y' : 'x';
      EXPECT_NE(Back(changed, config), "alice@example.org") << changed;
    }
    EXPECT_TRUE(IsForged(address, With(rewrite, {"a secret of others ..."})));
  }
}

TEST(BounceAddress, OfOneFormIsNoHashForTheOther) {
  const Config config = With("srs");
  std::string srs = Switched("alice@example.org", config);
  const std::string hash_and_day = srs.substr(5, 9);
  EXPECT_TRUE(
      IsForged("bounces+" + hash_and_day + "=alice=example.org@bounces.example",
               config));
}

TEST(BounceAddress, ExpiresAfterThreeWeeks) {
  const Config config = With("srs");
  const std::string address = Switched("alice@example.org", config);
  EXPECT_EQ(Back(address, config, kNow + 21 * kDay), "alice@example.org");
  EXPECT_EQ(Back(address, config, kNow + 22 * kDay),
            "expired: 22 days old, at most 21 are allowed");
  EXPECT_EQ(Back(address, config, kNow - kDay), "alice@example.org");
  EXPECT_NE(Back(address, config, kNow - 2 * kDay), "alice@example.org");
}

TEST(BounceAddress, IsReadWithOldSecretsAndWrittenWithTheNewest) {
  const Config before = With("srs", {"the old secret, 2025"});
  const Config after =
      With("srs", {"the new secret, 2026", "the old secret, 2025"});
  EXPECT_EQ(Back(Switched("a@x.example", before), after), "a@x.example");
  EXPECT_TRUE(IsForged(Switched("a@x.example", after), before));
}

TEST(BounceAddress, OfAnotherForwarderBecomesSrs1AndStaysAsLong) {
  const Config config = With("srs");
  for (const std::string separator : {"=", "+", "-"}) {
    const std::string theirs =
        "SRS0" + separator + "Xa9=TT=o.example=al@fwd.example";
    const std::string ours = Switched(theirs, config);
    EXPECT_TRUE(ours.starts_with("SRS1=")) << ours;
    EXPECT_TRUE(ours.ends_with("=fwd.example=" + separator +
                               "Xa9=TT=o.example=al@bounces.example"))
        << ours;
    EXPECT_EQ(Back(ours, config), theirs);
  }
  // One more forwarder in between: it is taken out, the chain stays.
  const std::string chained =
      Switched("SRS1=Zz9=fwd.example==Xa9=TT=o.example=al@mid.example", config);
  EXPECT_TRUE(
      chained.ends_with("=fwd.example==Xa9=TT=o.example=al@bounces.example"))
      << chained;
  EXPECT_EQ(Back(chained, config), "SRS0=Xa9=TT=o.example=al@fwd.example");
}

TEST(BounceAddress, IsNotMadeOfWhatCannotBeWritten) {
  for (const char* rewrite : {"srs", "verp"}) {
    const Config config = With(rewrite);
    EXPECT_EQ(Switched("", config), "none");
    EXPECT_EQ(Switched("\"a b\"@example.org", config), "none");
    EXPECT_EQ(Switched("a@[192.0.2.1]", config), "none");
    EXPECT_EQ(Switched(std::string(50, 'x') + "@example.org", config), "none");
    EXPECT_EQ(Switched("any@bounces.example", config), "none");
  }
  EXPECT_EQ(Switched("SRS1=x@example.org", With("srs")), "none");
  EXPECT_EQ(Switched("alice@example.org", With("off")), "none");
}

TEST(BounceAddress, RefusesWhatIsNoneOfOurs) {
  const Config config = With("srs");
  for (const char* address :
       {"", "@", "bounces.example", "SRS0=@bounces.example",
        "SRS0=a=b@bounces.example", "SRS1==@bounces.example",
        "bounces+@bounces.example", "bounces+a=b@bounces.example",
        "alice@bounces.example", "SRS0=aaaaaa=AA=x.example=a@other.example"})
    EXPECT_FALSE(SenderBehind(address, config, kNow)) << address;
  EXPECT_EQ(Back("alice@bounces.example", config), "not a bounce address");
  EXPECT_EQ(Back("alice@other.example", config),
            "not an address of bounces.example");
}

}  // namespace
}  // namespace postern
