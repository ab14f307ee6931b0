#include "policy/decision/decide.h"

#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "policy/decision/explain.h"
#include "tests/support/facts_builder.h"

namespace postern {
namespace {

Config EnforcingConfig() {
  Config config;
  config.mode = Mode::kEnforce;
  return config;
}

Finding FindingOf(const Check& check, std::vector<std::string> recipients) {
  Finding finding;
  finding.check = check.id;
  finding.judged_by = &check;
  finding.level = check.level;
  finding.detail = "detail";
  finding.recipients = std::move(recipients);
  finding.predicts.assign(check.predicts.begin(), check.predicts.end());
  return finding;
}

Facts TwoRecipients() {
  return FactsBuilder()
      .Recipient("a@example.net", MailDomain::kHasMx)
      .Recipient("b@example.net", MailDomain::kHasMx)
      .Build();
}

Decision Settled(const Config& config, std::vector<Finding> findings,
                 std::span<const std::string> waived = {}) {
  const Facts facts = TwoRecipients();
  SettleActions(facts, config, waived, &findings);
  return Decide(facts, config, std::move(findings));
}

const std::vector<std::string> kBoth = {"a@example.net", "b@example.net"};

TEST(Decide, AcceptsWithoutFindings) {
  const Decision decision = Settled(EnforcingConfig(), {});
  EXPECT_EQ(decision.disposition, Disposition::kAccept);
  EXPECT_FALSE(decision.reply);
  EXPECT_EQ(decision.recipients.size(), 2u);
}

TEST(Decide, TheWorstFindingWins) {
  const Decision decision = Settled(
      EnforcingConfig(),
      {FindingOf(kUrlShortener, kBoth), FindingOf(kFromMissing, kBoth)});
  EXPECT_EQ(decision.disposition, Disposition::kReject);
  ASSERT_TRUE(decision.reply);
  EXPECT_EQ(decision.reply->code(), 550);
  EXPECT_TRUE(decision.reply->text().find("from-missing") != std::string::npos);
}

TEST(Decide, HoldsWhatMendingDidNotHelpForAMustAlone) {
  Finding finding = FindingOf(kMessageIdMissing, kBoth);
  EXPECT_EQ(Settled(EnforcingConfig(), {finding}).disposition,
            Disposition::kHold);
  // No receiver of this message is documented to refuse it.
  finding.level = Level::kShould;
  EXPECT_EQ(Settled(EnforcingConfig(), {finding}).disposition,
            Disposition::kAccept);
  Config config = EnforcingConfig();
  config.checks["message-id-missing"].otherwise = Action::kHold;
  EXPECT_EQ(Settled(config, {finding}).disposition, Disposition::kHold);
}

TEST(Decide, HoldsOnlyTheRecipientsConcerned) {
  const Decision decision = Settled(
      EnforcingConfig(), {FindingOf(kRecipientNullMx, {"b@example.net"})});
  EXPECT_EQ(decision.disposition, Disposition::kAccept);
  EXPECT_EQ(decision.held_recipients,
            std::vector<std::string>{"b@example.net"});
  EXPECT_EQ(decision.recipients[0].disposition, Disposition::kAccept);
  EXPECT_EQ(decision.recipients[1].disposition, Disposition::kHold);
}

TEST(Decide, ObserveAndMendModesRefuseNothing) {
  for (const Mode mode : {Mode::kObserve, Mode::kMend}) {
    Config config = EnforcingConfig();
    config.mode = mode;
    const Decision decision = Settled(config, {FindingOf(kFromMissing, kBoth)});
    EXPECT_EQ(decision.disposition, Disposition::kAccept);
    EXPECT_EQ(decision.findings.front().action, Action::kObserve);
  }
}

TEST(Decide, WhatWasMendedDoesNothing) {
  Finding mended = FindingOf(kDateMissing, kBoth);
  mended.is_mended = true;
  mended.action = Action::kMend;
  EXPECT_EQ(Settled(EnforcingConfig(), {mended}).disposition,
            Disposition::kAccept);
}

TEST(Decide, WhatCouldNotBeMendedFollowsOtherwise) {
  EXPECT_EQ(
      Settled(EnforcingConfig(), {FindingOf(kDateMissing, kBoth)}).disposition,
      Disposition::kHold);
  Config config = EnforcingConfig();
  config.checks["date-missing"].otherwise = Action::kDefer;
  const Decision decision = Settled(config, {FindingOf(kDateMissing, kBoth)});
  EXPECT_EQ(decision.disposition, Disposition::kDefer);
  EXPECT_EQ(decision.reply->code(), 451);
}

TEST(Decide, ANoticeIsNeverRejected) {
  Config config = EnforcingConfig();
  config.checks["dkim-unsigned"].action = Action::kReject;
  EXPECT_EQ(Settled(config, {FindingOf(kDkimUnsigned, kBoth)}).disposition,
            Disposition::kAccept);
  config.checks["dkim-unsigned"].action = Action::kHold;
  EXPECT_EQ(Settled(config, {FindingOf(kDkimUnsigned, kBoth)}).disposition,
            Disposition::kHold);
}

TEST(Decide, RefusesUnforeseenRefusalsOnlyWhenToldTo) {
  Finding unforeseen = FindingOf(kFromMultipleMailboxes, kBoth);
  unforeseen.level = Level::kShould;
  unforeseen.predicts.clear();  // none of these receivers is known to refuse it
  EXPECT_EQ(Settled(EnforcingConfig(), {unforeseen}).disposition,
            Disposition::kAccept);
  Config config = EnforcingConfig();
  config.checks["from-multiple-mailboxes"].action = Action::kReject;
  EXPECT_EQ(Settled(config, {unforeseen}).disposition, Disposition::kReject);
}

TEST(Decide, UnknownFollowsTheOperatorAndIsNoFail) {
  Finding unknown = FindingOf(kDmarcReject, kBoth);
  unknown.outcome = Outcome::kUnknown;
  EXPECT_EQ(Settled(EnforcingConfig(), {unknown}).disposition,
            Disposition::kAccept);
  Config config = EnforcingConfig();
  config.on_unknown = Action::kDefer;
  const Decision decision = Settled(config, {unknown});
  EXPECT_EQ(decision.disposition, Disposition::kDefer);
  EXPECT_EQ(decision.reply->enhanced(), (EnhancedCode{4, 4, 3}));
}

TEST(Decide, AWaivedCheckIsOnlyObserved) {
  const std::vector<std::string> waived = {"url-shortener"};
  EXPECT_EQ(
      Settled(EnforcingConfig(), {FindingOf(kUrlShortener, kBoth)}, waived)
          .disposition,
      Disposition::kAccept);
}

TEST(Decide, AnOffCheckLeavesNoFinding) {
  Config config = EnforcingConfig();
  config.checks["from-missing"].action = Action::kOff;
  EXPECT_TRUE(
      Settled(config, {FindingOf(kFromMissing, kBoth)}).findings.empty());
}

TEST(Decide, AsksTheStreamFirst) {
  Config config = EnforcingConfig();
  config.streams.resize(1);
  config.streams[0].checks["from-missing"].action = Action::kObserve;
  Facts facts = TwoRecipients();
  facts.stream = {"news", &config.streams[0]};
  std::vector<Finding> findings = {FindingOf(kFromMissing, kBoth)};
  SettleActions(facts, config, {}, &findings);
  const Decision decision = Decide(facts, config, std::move(findings));
  EXPECT_EQ(decision.disposition, Disposition::kAccept);
  EXPECT_EQ(decision.stream, "news");
}

TEST(ConfiguredAction, WaitsAtRcptForAStreamThatMaySayOtherwise) {
  Config config = EnforcingConfig();
  Facts facts = TwoRecipients();
  facts.stream = {.is_undecided = true};
  EXPECT_EQ(ConfiguredAction(kRecipientNullMx, facts, config),
            kRecipientNullMx.action);
  config.streams.resize(1);
  config.streams[0].checks["recipient-null-mx"].action = Action::kOff;
  EXPECT_EQ(ConfiguredAction(kRecipientNullMx, facts, config),
            Action::kObserve);
}

TEST(Decide, NeverRefusesAnMtaBounce) {
  Facts facts = TwoRecipients();
  facts.is_mta_bounce = true;
  std::vector<Finding> findings = {FindingOf(kFromMissing, kBoth)};
  const Config config = EnforcingConfig();
  SettleActions(facts, config, {}, &findings);
  EXPECT_EQ(Decide(facts, config, std::move(findings)).disposition,
            Disposition::kAccept);
}

TEST(ReplyFor, QuotesTheReceiver) {
  const Reply reply =
      ReplyFor(FindingOf(kDmarcReject, kBoth), Disposition::kReject);
  EXPECT_EQ(reply.code(), 550);
  EXPECT_EQ(reply.enhanced(), (EnhancedCode{5, 7, 26}));
  EXPECT_NE(reply.text().find("google would answer \"550 5.7.26"),
            std::string::npos);
}

TEST(ReplyFor, ANullMxIs550) {
  const Reply reply =
      ReplyFor(FindingOf(kRecipientNullMx, kBoth), Disposition::kReject);
  EXPECT_EQ(reply.code(), 550);
  EXPECT_EQ(reply.enhanced(), (EnhancedCode{5, 1, 10}));
}

}  // namespace
}  // namespace postern
