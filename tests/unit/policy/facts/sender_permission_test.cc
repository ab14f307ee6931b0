#include <gtest/gtest.h>

#include "policy/config/load.h"
#include "policy/facts/identity.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

Config Rules(const std::string& senders) {
  Result<Config> config = ParseConfig(senders, "test.toml", {});
  EXPECT_TRUE(config) << config.error().message;
  return std::move(*config);
}

constexpr const char* kAliceOnly = R"(
[senders.rules.alice]
allow = ["alice@example.org"]
)";

SenderPermission PermissionOf(const Config& config, Message message) {
  Facts facts;
  facts.config = &config;
  facts.message = std::make_shared<const Message>(std::move(message));
  GatherSenderPermission(&facts);
  return facts.sender_permission;
}

Message By(const std::string& login, const std::string& author) {
  Message message;
  message.submission.login = login;
  message.envelope.mail_from = author;
  message.header.Receive("From", " " + author);
  return message;
}

TEST(SenderPermission, WithoutARuleNobodyIsConcerned) {
  const Config config = Rules(kAliceOnly);
  for (const char* login : {"", "bob"}) {
    const auto permission = PermissionOf(config, By(login, "x@example.net"));
    EXPECT_EQ(permission.envelope, Permission::kNoRule);
    EXPECT_EQ(permission.author, Permission::kNoRule);
  }
}

TEST(SenderPermission, EveryFromFieldAndEveryAuthorCounts) {
  const Config config = Rules(kAliceOnly);
  Message several = By("alice", "alice@example.org");
  several.header.SetNth("From", 0, "alice@example.org, eve@example.net");
  EXPECT_EQ(PermissionOf(config, several).author, Permission::kForbidden);
  Message twice = By("alice", "alice@example.org");
  twice.header.Receive("From", " eve@example.net");
  EXPECT_EQ(PermissionOf(config, twice).author, Permission::kForbidden);
  Message unreadable = By("alice", "alice@example.org");
  unreadable.header.Receive("From", " eve@@example.net");
  EXPECT_EQ(PermissionOf(config, unreadable).author, Permission::kUnknown);
  unreadable.header.Receive("From", " eve@example.net");
  EXPECT_EQ(PermissionOf(config, unreadable).author, Permission::kForbidden);
}

TEST(SenderPermission, TheDefaultIsForLoginsThatNoRuleNames) {
  const struct {
    const char* word;
    const char* login;
    const char* author;
    Permission expected;
  } kRows[] = {
      {"own-address", "bob@example.org", "bob@example.org",
       Permission::kPermitted},
      {"own-address", "bob@example.org", "eve@example.org",
       Permission::kForbidden},
      {"own-address", "bob", "bob@example.org", Permission::kForbidden},
      {"own-address", "alice", "alice@example.org", Permission::kPermitted},
      {"own-domain", "bob@example.org", "eve@example.org",
       Permission::kPermitted},
      {"own-domain", "bob@example.org", "eve@example.net",
       Permission::kForbidden},
      {"own-domain", "bob", "bob", Permission::kForbidden},
      {"none", "bob@example.org", "bob@example.org", Permission::kForbidden},
      {"any", "bob", "eve@example.net", Permission::kNoRule},
      {"none", "", "eve@example.net", Permission::kNoRule},  // no login
  };
  for (const auto& [word, login, author, expected] : kRows) {
    const Config config = Rules(std::string("[senders]\ndefault = \"") + word +
                                "\"\n" + kAliceOnly);
    EXPECT_EQ(PermissionOf(config, By(login, author)).envelope, expected)
        << word << " " << login << " " << author;
  }
}

TEST(SenderPermission, AnIdentityIsOfferedOnlyWhereItIsWanted) {
  EXPECT_EQ(PermissionOf(Rules(kAliceOnly), By("alice", "x@y.z")).identity, "");
  const Config config = Rules(std::string("[senders]\nrewrite = true\n"
                                          "default = \"own-domain\"\n") +
                              kAliceOnly);
  EXPECT_EQ(PermissionOf(config, By("alice", "x@y.z")).identity,
            "alice@example.org");
  EXPECT_EQ(PermissionOf(config, By("bob@example.net", "x@y.z")).identity,
            "bob@example.net");
}

TEST(SenderPermission, ALocalUserIsKnownOrNot) {
  const Config config = Rules(R"(
[senders.rules."uid:33"]
allow = ["www@example.org"]
[senders.rules.local]
allow = ["@example.org"]
[senders.rules."net:127.0.0.0/8"]
allow = ["none"]
)");
  Message message = By("", "root@example.org");
  message.submission.is_local = true;
  message.submission.client_address = IpAddress::Parse("127.0.0.1");
  EXPECT_EQ(PermissionOf(config, message).envelope, Permission::kPermitted);
  message.submission.local_uid = 33;
  EXPECT_EQ(PermissionOf(config, message).envelope, Permission::kForbidden);
  EXPECT_EQ(PermissionOf(config, message).who, "uid 33");
  message.submission.is_local = false;
  EXPECT_EQ(PermissionOf(config, message).who, "client 127.0.0.1");
}

}  // namespace
}  // namespace postern
