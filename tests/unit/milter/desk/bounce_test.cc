// postern bounce, as the operator and the MTA call it.
#include <sys/stat.h>
#include <sysexits.h>

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

#include <gtest/gtest.h>

#include "milter/desk/desk.h"
#include "policy/base/durable_file.h"
#include "policy/base/text.h"
#include "policy/config/secret_file.h"
#include "policy/remedies/bounce_address.h"
#include "tests/support/scratch_directory.h"
#include "tests/support/smtp_server.h"

namespace postern {
namespace {

constexpr const char* kSecret = "the secret of this test";
constexpr const char* kBounce =
    "From MAILER-DAEMON Sat Nov 21 12:00:00 2026\n"
    "From: MAILER-DAEMON@away.example\nSubject: failed\n\nNo.\n";

struct Ran {
  int status = -1;
  std::string out, err;
};

Ran Bounce(const std::vector<std::string>& words,
           const std::string& input = "") {
  CLI::App program;
  Ran ran;
  AddBounceCommand(program, &ran.status);
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  reversed.emplace_back("bounce");
  std::istringstream in(input);
  std::streambuf* const before = std::cin.rdbuf(in.rdbuf());
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  try {
    program.parse(reversed);
  } catch (const CLI::ParseError& error) {
    ran.status = 100 + error.get_exit_code();
  }
  std::fflush(stdout);
  ran.out = testing::internal::GetCapturedStdout();
  ran.err = testing::internal::GetCapturedStderr();
  std::cin.rdbuf(before);
  std::cin.clear();
  return ran;
}

class BounceCommand : public testing::Test {
 protected:
  BounceCommand() {
    std::ofstream(secret()) << kSecret << "\n";
    chmod(secret().c_str(), 0600);
    WriteConfig("1");
    unsetenv("SENDER");
    unsetenv("ORIGINAL_RECIPIENT");
    unsetenv("RECIPIENT");
  }
  void WriteConfig(const std::string& port) {
    std::ofstream(config())
        << "[sender]\nbounce_domain = \"b.example\"\nrewrite = \"srs\"\n"
        << "srs_secret_file = \"secret\"\n[holds]\nreinject = \"127.0.0.1:"
        << port << "\"\n";
  }
  [[nodiscard]] std::string config() const {
    return directory_.name() + "/postern.toml";
  }
  [[nodiscard]] std::string secret() const {
    return directory_.name() + "/secret";
  }
  [[nodiscard]] static std::string AddressOf(const std::string& sender) {
    Config config;
    config.bounce_domain = Domain::Parse("b.example");
    config.sender_rewrite = "srs";
    config.sender_secrets = {kSecret};
    return BounceAddressFor(sender, config, SystemClock().Now()).value();
  }
  [[nodiscard]] Ran Run(std::vector<std::string> words,
                        const std::string& input = "") const {
    words.insert(words.end(), {"--config", config()});
    return Bounce(words, input);
  }
  [[nodiscard]] Ran Deliver(const std::string& address,
                            const std::string& input = kBounce,
                            const std::string& sender = "<>") const {
    return Run({"--deliver", "--sender", sender, address}, input);
  }

  ScratchDirectory directory_;
};

TEST_F(BounceCommand, PrintsTheOriginalSender) {
  const Ran ran = Run({AddressOf("alice@example.org")});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.out, "alice@example.org\n");
}

TEST_F(BounceCommand, SaysWhyAnAddressLeadsNowhere) {
  const Ran ran = Run({"SRS0=AAAAAA=AA=example.org=alice@b.example",
                       AddressOf("alice@example.org")});
  EXPECT_EQ(ran.status, 1);
  EXPECT_EQ(ran.out, "alice@example.org\n");
  EXPECT_NE(ran.err.find("forged: the hash is not ours"), std::string::npos);
}

TEST_F(BounceCommand, CouldNotWithoutConfigurationOrAddress) {
  EXPECT_EQ(Bounce({"a@b.example", "--config", "/no/such/file"}).status, 2);
  EXPECT_EQ(Run({}).status, 2);
}

TEST_F(BounceCommand, HandsABounceToItsSenderFromNobody) {
  ScriptedSmtpServer server{};
  WriteConfig(server.port());
  const std::string address = AddressOf("alice@example.org");
  const Ran ran = Deliver(address);
  EXPECT_EQ(ran.status, EX_OK) << ran.err;
  const std::vector<std::string>& said = server.commands();
  ASSERT_GE(said.size(), 3u);
  EXPECT_TRUE(said[1].starts_with("MAIL FROM:<>")) << said[1];
  EXPECT_EQ(said[2], "RCPT TO:<alice@example.org>");
  EXPECT_EQ(server.data(), "X-Postern-Bounce: " + address +
                               "\r\nFrom: MAILER-DAEMON@away.example\r\n"
                               "Subject: failed\r\n\r\nNo.\r\n.\r\n");
}

TEST_F(BounceCommand, TakesAddressAndSenderFromPostfix) {
  ScriptedSmtpServer server{};
  WriteConfig(server.port());
  setenv("SENDER", "MAILER-DAEMON", 1);
  setenv("ORIGINAL_RECIPIENT", AddressOf("bob@example.org").c_str(), 1);
  EXPECT_EQ(Run({"--deliver"}, kBounce).status, EX_OK);
  EXPECT_EQ(server.commands().at(2), "RCPT TO:<bob@example.org>");
}

TEST_F(BounceCommand, RefusesWhatIsNoBounce) {
  const Ran ran =
      Deliver(AddressOf("alice@example.org"), kBounce, "eve@away.example");
  EXPECT_EQ(ran.status, EX_NOPERM);
  EXPECT_NE(ran.err.find("only bounces"), std::string::npos);
}

TEST_F(BounceCommand, KnowsNoUserBehindAForgedAddress) {
  EXPECT_EQ(Deliver("SRS0=AAAAAA=AA=example.org=alice@b.example").status,
            EX_NOUSER);
  EXPECT_EQ(Deliver("postmaster@b.example").status, EX_NOUSER);
}

TEST_F(BounceCommand, NeedsToKnowWhoSentIt) {
  EXPECT_EQ(Run({"--deliver", AddressOf("a@example.org")}, kBounce).status,
            EX_USAGE);
  EXPECT_EQ(Run({"--deliver", "--sender", ""}, kBounce).status, EX_USAGE);
}

TEST_F(BounceCommand, NeverGivesTheSameBounceBackTwice) {
  const std::string address = AddressOf("alice@example.org");
  const Ran ran =
      Deliver(address, "X-Postern-Bounce: " + ToLower(address) + "\n\nNo.\n");
  EXPECT_EQ(ran.status, EX_DATAERR);
  EXPECT_NE(ran.err.find("a loop"), std::string::npos);
  std::string far;
  for (int i = 0; i < 101; ++i) far += "Received: from x\n";
  EXPECT_EQ(Deliver(address, far + "\nNo.\n").status, EX_DATAERR);
  EXPECT_EQ(Deliver(address, "").status, EX_DATAERR);
}

TEST_F(BounceCommand, TellsLaterFromNever) {
  const std::string address = AddressOf("alice@example.org");
  EXPECT_EQ(Deliver(address).status, EX_TEMPFAIL);  // nobody listens
  for (const char* stage : {"MAIL", "RCPT", "DATA", "."}) {
    ScriptedSmtpServer later{{stage, "451 4.3.0 later"}};
    WriteConfig(later.port());
    EXPECT_EQ(Deliver(address).status, EX_TEMPFAIL) << stage;
    ScriptedSmtpServer never{{stage, "550 5.1.1 never"}};
    WriteConfig(never.port());
    EXPECT_EQ(Deliver(address).status, EX_UNAVAILABLE) << stage;
  }
  EXPECT_EQ(Bounce({"--deliver", "--sender", "", address, "--config",
                    "/no/such/file"},
                   kBounce)
                .status,
            EX_TEMPFAIL);
}

TEST_F(BounceCommand, MakesASecretAndPutsTheNextBeforeIt) {
  const std::string file = directory_.name() + "/new";
  ASSERT_EQ(Bounce({"--new-secret", file}).status, 0);
  struct stat status{};
  ASSERT_EQ(stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto first = ReadSecretFile(file);
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_EQ(first->size(), 1u);
  chmod(file.c_str(), 0640);
  ASSERT_EQ(Bounce({"--new-secret", file}).status, 0);
  const auto both = ReadSecretFile(file);
  ASSERT_TRUE(both) << both.error().message;
  ASSERT_EQ(both->size(), 2u);
  EXPECT_EQ(both->at(1), first->at(0));
  EXPECT_NE(both->at(0), first->at(0));
  ASSERT_EQ(stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
}

TEST_F(BounceCommand, WritesNoSecretOverAnotherFile) {
  EXPECT_EQ(Bounce({"--new-secret", config()}).status, 2);
}

}  // namespace
}  // namespace postern
