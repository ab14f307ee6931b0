// How a judgement is told, to programs and to people.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "milter/desk/judgement_json.h"
#include "milter/desk/judgement_text.h"

namespace postern {
namespace {

Judgement WithFinding(std::string fix) {
  Finding finding;
  finding.check = "spf-fail";
  finding.detail = "SPF of example.org at 192.0.2.10: \"-all\"";
  finding.fix = std::move(fix);
  Judgement judgement;
  judgement.decision.findings.push_back(std::move(finding));
  return judgement;
}

TEST(Judgement, TellsWhatCanBeDone) {
  const Judgement judgement = WithFinding("add ip4:192.0.2.10");
  const auto json =
      nlohmann::json::parse(JudgementJson("a.eml", judgement)).at("findings");
  EXPECT_EQ(json.at(0).at("fix"), "add ip4:192.0.2.10");
  EXPECT_NE(JudgementText("a.eml", judgement)
                .find("\n      fix: add ip4:192.0.2.10\n"),
            std::string::npos);
}

TEST(Judgement, AdvisesPeopleOnWhatIsNotMended) {
  Judgement judgement = WithFinding("add ip4:192.0.2.10");
  judgement.decision.findings.front().is_mended = true;
  EXPECT_EQ(JudgementText("a.eml", judgement).find("fix:"), std::string::npos);
  const auto json =
      nlohmann::json::parse(JudgementJson("a.eml", judgement)).at("findings");
  EXPECT_EQ(json.at(0).at("fix"), "add ip4:192.0.2.10");
}

TEST(Judgement, GivesNoAdviceWhereThereIsNone) {
  const Judgement judgement = WithFinding("");
  const auto json =
      nlohmann::json::parse(JudgementJson("a.eml", judgement)).at("findings");
  EXPECT_EQ(json.at(0).at("fix"), "");
  EXPECT_EQ(JudgementText("a.eml", judgement).find("fix:"), std::string::npos);
}

TEST(Judgement, TellsTheStream) {
  Judgement judgement = WithFinding("");
  EXPECT_TRUE(nlohmann::json::parse(JudgementJson("a.eml", judgement))
                  .at("stream")
                  .is_null());
  judgement.decision.stream = "marketing";
  EXPECT_EQ(
      nlohmann::json::parse(JudgementJson("a.eml", judgement)).at("stream"),
      "marketing");
  EXPECT_TRUE(JudgementText("a.eml", judgement)
                  .starts_with("a.eml: accept (mode observe, stream "
                               "marketing)\n"));
}

TEST(Judgement, ShowsATerminalNothingThatItWouldObey) {
  Judgement judgement = WithFinding("");
  judgement.decision.findings.front().detail = "\"-all\" of a\x1b[2Jb";
  const std::string text = JudgementText("a.eml", judgement);
  EXPECT_NE(text.find("\"-all\" of a"), std::string::npos) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace postern
