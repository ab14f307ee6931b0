// postern held, as the operator calls it.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "milter/desk/desk.h"
#include "milter/desk/hold_text.h"
#include "milter/desk/terminal_text.h"
#include "policy/base/durable_file.h"
#include "policy/base/text.h"
#include "policy/holds/held_store.h"
#include "tests/support/scratch_directory.h"
#include "tests/support/smtp_server.h"

namespace postern {
namespace {

struct Ran {
  int status = -1;
  std::string out, err;
};

Ran Held(const std::vector<std::string>& words) {
  CLI::App program;
  Ran ran;
  AddHeldCommand(program, &ran.status);
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  reversed.emplace_back("held");
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
  return ran;
}

// A state directory with a configuration in it.
class Place {
 public:
  explicit Place(const std::string& reinject_port = "1") {
    std::ofstream(config())
        << "state_directory = \"" << state()
        << "\"\n[holds]\nreinject = \"127.0.0.1:" << reinject_port << "\"\n";
  }
  [[nodiscard]] std::string config() const {
    return directory_.name() + "/postern.toml";
  }
  [[nodiscard]] std::string state() const {
    return directory_.name() + "/state";
  }
  [[nodiscard]] std::unique_ptr<HeldStore> Store() const {
    return std::move(HeldStore::Open(HoldsDirectory(state()), clock_).value());
  }
  [[nodiscard]] std::string Put(
      const std::string& octets = "Subject: x\r\n\r\nBody\r\n") const {
    ParsedOctets parsed = ParseOctets(octets);
    Message message;
    message.envelope = {
        "a@example.com", {}, {{"b@example.org", {}}, {"c@example.org", {}}}};
    message.header = std::move(parsed.header);
    message.body = std::move(parsed.body);
    const auto store = Store();
    const std::string id =
        store->Put(message, {{"null-mx", "example.org", "556 5.1.10 no"}}, {})
            .value();
    EXPECT_TRUE(store->Confirm(id));
    return id;
  }
  [[nodiscard]] Ran Run(std::vector<std::string> words) const {
    words.insert(words.end(), {"--config", config()});
    return Held(words);
  }

 private:
  ScratchDirectory directory_;
  SystemClock clock_;
};

TEST(HeldCommand, ListsNothingAndMakesNothing) {
  const Place place;
  const Ran ran = place.Run({"list"});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_EQ(ran.out, "Nothing is held.\n");
  EXPECT_EQ(place.Run({"list", "--json"}).out, "");
  EXPECT_EQ(place.Run({"drop", "0123456789"}).status, 1);
  EXPECT_FALSE(std::filesystem::exists(place.state()));
}

TEST(HeldCommand, ListsWhatIsHeld) {
  const Place place;
  const std::string id = place.Put();
  const Ran ran = place.Run({"list"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_NE(ran.out.find(id.substr(0, 8)), std::string::npos);
  EXPECT_NE(ran.out.find("b@example.org +1"), std::string::npos) << ran.out;
  for (const std::string_view line : Split(ran.out, '\n'))
    EXPECT_LE(line.size(), 80u) << line;
  EXPECT_NE(
      place.Run({"list", "--json"}).out.find("\"mail_from\":\"a@example.com\""),
      std::string::npos);
}

TEST(HeldCommand, ShowsAHoldWithoutItsControlCharacters) {
  const Place place;
  const std::string id = place.Put("Subject: \x1b[2J\r\n\r\nB\x1b[1mdy\r\n");
  const Ran ran = place.Run({"show", id.substr(0, 8)});
  EXPECT_EQ(ran.status, 0);
  EXPECT_NE(ran.out.find("foreseen: 556 5.1.10 no"), std::string::npos);
  EXPECT_NE(ran.out.find("  B\\x1b[1mdy\n"), std::string::npos) << ran.out;
  EXPECT_EQ(ran.out.find('\x1b'), std::string::npos);
  EXPECT_NE(place.Run({"--json", "show", id}).out.find("body_preview"),
            std::string::npos);
}

TEST(HeldCommand, ReleasesWithATokenOnTop) {
  ScriptedSmtpServer server{};
  const Place place(server.port());
  const std::string id = place.Put();
  const Ran ran = place.Run({"release", id.substr(0, 8)});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(server.data().starts_with("X-Postern-Release: " + id + " "));
  EXPECT_TRUE(server.data().ends_with("\r\nSubject: x\r\n\r\nBody\r\n.\r\n"));
  EXPECT_TRUE(place.Store()->List()->empty());
  EXPECT_NE(ReadWholeFile(place.state() + "/audit.log")->find("release " + id),
            std::string::npos);
}

TEST(HeldCommand, WhatIsRefusedStaysHeld) {
  for (const char* stage : {"MAIL", "RCPT", "DATA", "."}) {
    ScriptedSmtpServer server{{stage, "451 4.3.0 later"}};
    const Place place(server.port());
    const std::string id = place.Put();
    const Ran ran = place.Run({"release", id});
    EXPECT_EQ(ran.status, 1) << stage;
    EXPECT_NE(ran.err.find("451 4.3.0 later"), std::string::npos) << ran.err;
    EXPECT_EQ(place.Store()->Find(id)->envelope.recipients.size(), 2u);
  }
}

TEST(HeldCommand, RefusedRecipientsStayHeld) {
  ScriptedSmtpServer server{{"RCPT TO:<b@example.org>", "550 5.1.1 no"}};
  const Place place(server.port());
  const std::string id = place.Put();
  const Ran ran = place.Run({"release", id});
  EXPECT_EQ(ran.status, 1);
  const HeldMessage rest = place.Store()->Find(id).value();
  ASSERT_EQ(rest.envelope.recipients.size(), 1u);
  EXPECT_EQ(rest.envelope.recipients[0].address, "b@example.org");
}

// The second release must not know the recipients from before the first.
TEST(HeldCommand, SendsTwiceToNobodyWhenNamedTwice) {
  ScriptedSmtpServer server{{"RCPT TO:<b@example.org>", "550 5.1.1 no"}};
  const Place place(server.port());
  const std::string id = place.Put();
  EXPECT_EQ(place.Run({"release", id, id}).status, 1);
  const std::vector<std::string>& said = server.commands();
  EXPECT_EQ(std::count(said.begin(), said.end(), "RCPT TO:<c@example.org>"), 1);
}

TEST(HeldCommand, CouldNotWhenNobodyListens) {
  const Place place("1");
  const std::string id = place.Put();
  const Ran ran = place.Run({"release", id});
  EXPECT_EQ(ran.status, 2);
  EXPECT_NE(ran.err.find("127.0.0.1:1: connect"), std::string::npos) << ran.err;
  EXPECT_TRUE(place.Store()->Find(id));
}

TEST(HeldCommand, DropsWithAnAuditLine) {
  const Place place;
  const std::string first = place.Put();
  const std::string second = place.Put("X: y\r\n\r\nz\r\n");
  const Ran ran = place.Run({"drop", first, second});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_NE(ran.err.find("drop " + first), std::string::npos);
  EXPECT_NE(ReadWholeFile(place.state() + "/audit.log")->find("drop " + second),
            std::string::npos);
  EXPECT_TRUE(place.Store()->List()->empty());
  EXPECT_EQ(place.Run({"drop", first}).status, 1);
}

TEST(HeldCommand, TakesNoAmbiguousOrTooShortId) {
  const Place place;
  const std::string id = place.Put();
  EXPECT_EQ(place.Run({"drop", ""}).status, 1);
  EXPECT_EQ(place.Run({"drop", id.substr(0, 3)}).status, 1);
  const std::string twin = id.substr(0, 31) + (id[31] == '0' ? "1" : "0");
  const std::string holds = HoldsDirectory(place.state()) + "/";
  std::filesystem::copy(holds + id, holds + twin,
                        std::filesystem::copy_options::recursive);
  EXPECT_EQ(place.Run({"drop", id.substr(0, 8)}).status, 1);
  EXPECT_EQ(place.Store()->List()->size(), 2u);
}

TEST(HeldCommand, CouldNotWithoutAConfiguration) {
  EXPECT_EQ(Held({"list", "--config", "/nonexistent/postern.toml"}).status, 2);
}

TEST(HoldTable, HasNoLineOver80Columns) {
  HeldMessage held;
  held.id = std::string(32, 'a');
  held.is_pending = true;
  held.envelope.mail_from = std::string(300, 'x');
  for (int i = 0; i < 20'000; ++i)
    held.envelope.recipients.push_back({std::string(40, 'r') + "\x1b", {}});
  held.reasons = {{std::string(50, 'c'), "", ""}, {"\n", "", ""}};
  const std::string table = HoldTable({&held, 1}, TimePoint{});
  for (const std::string_view line : Split(table, '\n'))
    EXPECT_LE(line.size(), 80u) << line;
  EXPECT_EQ(table.find('\x1b'), std::string::npos);
}

TEST(TerminalText, KeepsLettersAndEscapesTheRest) {
  EXPECT_EQ(TerminalText("a\tb \xc3\xa4\xe2\x82\xac"),
            "a b \xc3\xa4\xe2\x82\xac");
  EXPECT_EQ(TerminalText("\xc2\x9b\x7f\r"), "\\xc2\\x9b\\x7f\\x0d");
  EXPECT_EQ(TerminalText("\xe2\x80\xae"), "\\xe2\\x80\\xae");
  EXPECT_EQ(TerminalText("\xc0\xaf\xed\xa0\x80\xf5\xc3"),
            "\\xc0\\xaf\\xed\\xa0\\x80\\xf5\\xc3");
  EXPECT_EQ(TerminalText(std::string("\0", 1)), "\\x00");
  EXPECT_EQ(TerminalLines("a\r\nb\n", "> "), "> a\n> b\n");
}

TEST(Column, IsExactlyAsWideAsAsked) {
  EXPECT_EQ(Column("ab", 4), "ab  ");
  EXPECT_EQ(Column("abcd", 4), "abcd");
  EXPECT_EQ(Column("abcde", 4), "abc~");
  EXPECT_EQ(Column("\xc3\xa4\xc3\xa4\xc3\xa4", 2), "\xc3\xa4~");
}

}  // namespace
}  // namespace postern
