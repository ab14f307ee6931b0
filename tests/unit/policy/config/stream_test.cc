#include "policy/config/stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/checks/catalogue.h"
#include "policy/config/load.h"

namespace postern {
namespace {

using testing::HasSubstr;

std::string ErrorOf(const std::string& text) {
  const Result<Config> config = ParseConfig(text, "t.toml", CheckIds());
  return config ? "" : config.error().message;
}

TEST(Streams, StandInTheOrderOfTheFile) {
  const Result<Config> config = ParseConfig(
      "[streams.news.match]\nlogins = [\"news\"]\n"
      "[streams.alerts.match]\nfields = [\"X-Alert\"]\n"
      "[streams.news]\nbulk = true\n",
      "t.toml", CheckIds());
  ASSERT_TRUE(config) << config.error().message;
  ASSERT_EQ(config->streams.size(), 2U);
  EXPECT_EQ(config->streams[0].name, "news");
  EXPECT_EQ(config->streams[0].bulk, true);
  EXPECT_EQ(config->streams[1].name, "alerts");
}

TEST(Streams, SpeakBeforeTheGeneralRule) {
  const Result<Config> config = ParseConfig(
      "[checks.url-shortener]\naction = \"hold\"\notherwise = \"defer\"\n"
      "[streams.marketing.checks.url-shortener]\naction = \"off\"\n",
      "t.toml", CheckIds());
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(PolicyOf("url-shortener", *config, nullptr).action, Action::kHold);
  const CheckPolicy here =
      PolicyOf("url-shortener", *config, &config->streams[0]);
  EXPECT_EQ(here.action, Action::kOff);
  EXPECT_EQ(here.otherwise, Action::kDefer);
  EXPECT_FALSE(PolicyOf("date-missing", *config, &config->streams[0]).action);
}

TEST(Streams, MustBeTold) {
  EXPECT_THAT(ErrorOf("[streams.news]\nbulk = true\n"),
              HasSubstr("t.toml:1:10: streams.news: no message is told to "
                        "belong to it; write [streams.news.match]"));
  EXPECT_EQ(ErrorOf("[streams.personal]\nbulk = false\n"), "");
  EXPECT_THAT(ErrorOf("[streams.marketing.checks.no-such]\naction = \"off\"\n"),
              HasSubstr("no such check"));
  EXPECT_THAT(ErrorOf("[streams.marketing.match]\nnetworks = [\"ten\"]\n"),
              HasSubstr("not a network"));
}

TEST(Streams, TakeTemplatesThatCanBeFilled) {
  const auto headers = [](const std::string& line) {
    return ErrorOf("[streams.marketing.headers]\n" + line + "\n");
  };
  EXPECT_EQ(headers("unsubscribe_url = \"https://e.example/{recipient}\""), "");
  EXPECT_THAT(headers("unsubscribe_url = \"http://e.example/\""),
              HasSubstr("not a web address"));
  EXPECT_THAT(headers("unsubscribe_url = \"https://e.example/{who}\""),
              HasSubstr("not a web address"));
  EXPECT_THAT(headers("unsubscribe_url = \"https://e.example/a b\""),
              HasSubstr("not a web address"));
  EXPECT_THAT(headers("unsubscribe_url = \"https://e.example/{token}\""),
              HasSubstr("{token} needs token_secret_file"));
  EXPECT_THAT(headers("list_id = \"news\""),
              HasSubstr("not a list identifier"));
  EXPECT_THAT(headers("token_secret_file = \"/no/such/file\""),
              HasSubstr("streams.marketing.headers.token_secret_file"));
}

TEST(Streams, MayNotHideUnsignedMailThatIsRefused) {
  EXPECT_THAT(
      ErrorOf("[signing]\nunsigned = \"hold\"\n"
              "[streams.marketing.checks.dkim-unsigned]\naction = \"off\"\n"),
      HasSubstr("streams.marketing.checks.dkim-unsigned.action"));
}

TEST(IsTemplate, KnowsItsNames) {
  EXPECT_TRUE(IsTemplate("a{recipient}{domain}{stream}{token}b"));
  EXPECT_TRUE(IsTemplate(""));
  for (const char* text : {"{", "}", "{}", "{recipient", "{{token}}", "{x}"})
    EXPECT_FALSE(IsTemplate(text)) << text;
}

}  // namespace
}  // namespace postern
