// A campaign's parts are read once; its messages are judged each for itself.
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "policy/config/load.h"
#include "policy/facts/content_cache.h"
#include "policy/facts/scripted_dns.h"
#include "policy/gate.h"

namespace postern {
namespace {

// The same part from authors to whom its links belong, and from others.
class Campaign : public testing::Test {
 protected:
  std::vector<std::string> Findings(ContentCache* cache,
                                    const std::string& author,
                                    const std::string& html) {
    const Gate gate(
        {.dns = dns_.get(), .clock = &clock_, .content_cache = cache});
    ParsedOctets parsed = ParseOctets(
        "From: " + author +
        "\r\nTo: b@example.org\r\nSubject: Hi\r\n"
        "Date: Sat, 21 Nov 2026 11:59:00 +0000\r\nMessage-ID: <1@x.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" +
        html);
    TransactionLimits limits;
    const Judgement judgement = gate.JudgeMessage(
        {.envelope = {author, {}, {{"b@example.org", {}}}},
         .header = std::move(parsed.header),
         .body = std::move(parsed.body)},
        *rulebook_, std::nullopt, &limits, In(std::chrono::seconds(60)));
    std::vector<std::string> found;
    for (const Finding& finding : judgement.decision.findings)
      found.push_back(finding.check + ": " + finding.detail);
    return found;
  }

  std::unique_ptr<ScriptedDns> dns_ = *ScriptedDns::Parse("", "zone");
  ManualClock clock_{TimePoint(std::chrono::hours(24 * 365 * 50))};
  std::shared_ptr<const Rulebook> rulebook_ = *MakeRulebook(DefaultConfig());
};

TEST_F(Campaign, IsJudgedAsWithoutTheCache) {
  const std::string html =
      "<p>Please verify your PayPal account. <a href=https://evil.example/>"
      "www.good.example</a> <a href=http://bit.ly/x>short</a></p>" +
      std::string(2000, ' ');
  ContentCache cache(16 << 20);
  for (int round = 0; round < 2; ++round)
    for (const char* author :
         {"a@evil.example", "a@good.example", "service@paypal.com"})
      EXPECT_EQ(Findings(&cache, author, html), Findings(nullptr, author, html))
          << author;
  EXPECT_GT(cache.bytes(), 0U);
}

}  // namespace
}  // namespace postern
