#include "milter/log_line.h"

#include <gtest/gtest.h>

namespace postern {
namespace {

Finding Found(std::string check, Action action) {
  Finding finding;
  finding.check = std::move(check);
  finding.action = action;
  return finding;
}

TEST(LogLine, TellsARejection) {
  Decision decision;
  decision.mode = Mode::kEnforce;
  decision.disposition = Disposition::kReject;
  decision.reply = Reply::Make(550, {5, 7, 20}, "Not sent");
  decision.findings = {Found("dkim-signature-missing", Action::kReject),
                       Found("ptr-missing", Action::kObserve)};
  decision.recipients = {{.address = "b@gmail.com", .receiver = "google"},
                         {.address = "c@gmail.com", .receiver = "google"}};
  decision.unsigned_reason = "no key";
  EXPECT_EQ(
      LogLine(decision, {.queue_id = "4WbX2k3cq9",
                         .mail_from = "a@example.com",
                         .recipients = 3,
                         .took = std::chrono::milliseconds(12)}),
      "4WbX2k3cq9: disposition=reject mode=enforce reply=\"550 5.7.20\" "
      "findings=dkim-signature-missing:reject,ptr-missing:observe "
      "from=<a@example.com> rcpts=3 receiver=google unsigned=\"no key\" ms=12");
}

TEST(LogLine, TellsSignaturesMendedFindingsAndTheHold) {
  Decision decision;
  decision.findings = {Found("date-missing", Action::kMend)};
  decision.findings[0].is_mended = true;
  decision.signatures = {{"example.com", "s1", "rsa-sha256", true},
                         {"example.com", "s2", "ed25519-sha256", true}};
  decision.held_recipients = {"x@example.org"};
  EXPECT_EQ(LogLine(decision, {.queue_id = "Q1", .held_id = "abc"}),
            "Q1: disposition=accept mode=observe findings=date-missing:mended "
            "from=<> rcpts=0 receiver=- signed=example.com/s1/rsa-sha256/"
            "aligned,"
            "example.com/s2/ed25519-sha256/aligned held=abc held_rcpts=1 ms=0");
}

TEST(LogLine, TellsTheStream) {
  Decision decision;
  decision.stream = "marketing";
  EXPECT_TRUE(LogLine(decision, {.queue_id = "Q1"})
                  .starts_with("Q1: disposition=accept mode=observe "
                               "stream=marketing findings=- "));
}

TEST(LogLine, NamesAnUnknownOnceForAllItsSubjects) {
  Decision decision;
  decision.findings = {Found("null-mx", Action::kObserve),
                       Found("null-mx", Action::kObserve)};
  for (Finding& finding : decision.findings)
    finding.outcome = Outcome::kUnknown;
  const std::string line = LogLine(decision, {.queue_id = "Q1"});
  EXPECT_NE(line.find("findings=null-mx:unknown from="), std::string::npos);
}

TEST(LogLine, TellsWhatWasForeseenAndTheLogin) {
  Decision decision;
  decision.authentication =
      "spf=pass smtp.helo=\"a b\" (at 192.0.2.1); dkim=none";
  const std::string line =
      LogLine(decision, {.queue_id = "Q1", .login = "al\"ice\n"});
  EXPECT_NE(line.find(R"( foreseen="spf=pass smtp.helo=\"a b\" (at )"
                      R"(192.0.2.1); dkim=none" login="al\"ice\x0a" ms=0)"),
            std::string::npos)
      << line;
}

TEST(LogLine, EscapesForeignText) {
  const std::string line = LogLine(
      {}, {.queue_id = "Q\n1", .mail_from = "a\"\r\n@b", .fault = "\x1b"});
  EXPECT_EQ(line.find_first_of("\r\n\x1b"), std::string::npos);
}

TEST(LogLine, TellsWhatWentWrong) {
  const std::string line = LogLine({}, {.queue_id = "Q", .fault = "disk full"});
  EXPECT_NE(line.find(" fault=\"disk full\" "), std::string::npos);
}

}  // namespace
}  // namespace postern
