#include "policy/facts/stream.h"

#include <gtest/gtest.h>

#include "tests/support/facts_builder.h"

namespace postern {
namespace {

StreamConfig Stream(std::string name, StreamMatch match) {
  StreamConfig stream;
  stream.name = std::move(name);
  stream.match = std::move(match);
  return stream;
}

Facts Gathered(FactsBuilder builder, const Config& config) {
  Facts facts = builder.Build();
  facts.config = &config;
  GatherStream(&facts);
  return facts;
}

FactsBuilder From(const std::string& sender) {
  return FactsBuilder().MailFrom(sender);
}

TEST(GatherStream, KnowsTheBuiltInStreams) {
  const Config config;
  EXPECT_EQ(Gathered(From("a@example.org"), config).stream.name,
            "transactional");
  FactsBuilder login = From("a@example.org");
  login.message().submission.login = "alice";
  EXPECT_EQ(Gathered(login, config).stream.name, "personal");
  FactsBuilder bulk = From("a@example.org");
  bulk.facts().is_bulk = true;
  EXPECT_EQ(Gathered(bulk, config).stream.name, "marketing");
  EXPECT_EQ(Gathered(From("a@example.org")
                         .Field("Auto-Submitted", "auto-replied (vacation)"),
                     config)
                .stream.name,
            "automatic");
  EXPECT_EQ(
      Gathered(From("a@example.org").Field("Auto-Submitted", "no"), config)
          .stream.name,
      "transactional");
}

TEST(GatherStream, TakesNoAnswerOfAProgramForAMailing) {
  const Config config;
  FactsBuilder vacation = From("").Field("Precedence", "bulk");
  vacation.facts().is_bulk = true;
  EXPECT_FALSE(Gathered(vacation, config).is_bulk);
  vacation.Field("List-Id", "<a.example.org>");
  EXPECT_TRUE(Gathered(vacation, config).is_bulk);
}

TEST(GatherStream, TakesTheFirstThatFits) {
  Config config;
  config.streams = {
      Stream("one", {.senders = {*Domain::Parse("elsewhere.example")}}),
      Stream("two", {.senders = {*Domain::Parse("example.org")}}),
      Stream("three", {.senders = {*Domain::Parse("example.org")}})};
  const Facts facts = Gathered(From("a@example.org"), config);
  EXPECT_EQ(facts.stream.name, "two");
  EXPECT_EQ(facts.stream.config, &config.streams[1]);
}

struct MatchCase {
  const char* what;
  StreamMatch match;
  bool fits;
};

TEST(GatherStream, WantsOneOfEachListThatIsThere) {
  const MatchCase kCases[] = {
      {"login", {.logins = {"bob", "SHOP-*"}}, true},
      {"other login", {.logins = {"shop"}}, false},
      {"network", {.networks = {*IpNetwork::Parse("192.0.2.0/24")}}, true},
      {"other network", {.networks = {*IpNetwork::Parse("10.0.0.0/8")}}, false},
      {"domain above", {.senders = {*Domain::Parse("example.org")}}, true},
      {"no domain above", {.senders = {*Domain::Parse("ample.org")}}, false},
      {"field", {.fields = {"x-news"}}, true},
      {"field and value", {.fields = {"X-News: *to*ber"}}, true},
      {"other value", {.fields = {"X-News: to*ber"}}, false},
      {"no such field", {.fields = {"X-Other"}}, false},
      {"bulk", {.bulk = true}, false},
      {"not bulk", {.bulk = false}, true},
      {"both", {.logins = {"*"}, .fields = {"X-News"}}, true},
      {"one of two", {.logins = {"*"}, .fields = {"X-Other"}}, false},
  };
  for (const MatchCase& one : kCases) {
    Config config;
    config.streams = {Stream("it", one.match)};
    FactsBuilder builder = From("a@example.org").Field("X-News", "October");
    builder.facts().mail_from_domain = Domain::Parse("sub.example.org");
    builder.facts().author_domain.reset();
    builder.message().submission.login = "shop-7";
    builder.message().submission.client_address = IpAddress::Parse("192.0.2.7");
    EXPECT_EQ(Gathered(builder, config).stream.name == "it", one.fits)
        << one.what;
  }
}

TEST(GatherStream, LeavesAtRcptWhatTheHeaderDecides) {
  Config config;
  config.streams = {Stream("news", {.logins = {"news"}, .fields = {"X-News"}}),
                    Stream("shop", {.logins = {"shop"}})};
  FactsBuilder builder = From("a@example.org");
  builder.facts().has_content = false;
  builder.message().submission.login = "shop";
  EXPECT_EQ(Gathered(builder, config).stream.name, "shop");
  builder.message().submission.login = "news";
  EXPECT_TRUE(Gathered(builder, config).stream.is_undecided);
  EXPECT_TRUE(Gathered(builder, Config()).stream.is_undecided);
}

TEST(GatherStream, LetsTheOperatorSayWhatIsBulk) {
  Config config;
  config.streams = {Stream("shop", {.logins = {"shop"}})};
  config.streams[0].bulk = false;
  FactsBuilder builder = From("a@example.org");
  builder.message().submission.login = "shop";
  builder.facts().is_bulk = true;
  EXPECT_FALSE(Gathered(builder, config).is_bulk);
  config.streams[0].bulk = true;
  builder.facts().is_bulk = false;
  EXPECT_TRUE(Gathered(builder, config).is_bulk);
}

TEST(GatherStream, GivesABuiltInStreamTheOperatorsTable) {
  Config config;
  config.streams = {Stream("transactional", {}), Stream("marketing", {})};
  FactsBuilder bulk = From("a@example.org");
  bulk.facts().is_bulk = true;
  EXPECT_EQ(Gathered(bulk, config).stream.config, &config.streams[1]);
}

}  // namespace
}  // namespace postern
