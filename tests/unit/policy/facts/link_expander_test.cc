// libcurl against a web server on this host that says whatever a test wants.
#include "policy/facts/link_expander.h"

#include <future>
#include <map>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/facts/scripted_dns.h"
#include "tests/support/http_server.h"

namespace postern {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;
using Result = Expansion::Result;

constexpr std::string_view kZone =
    "sho.rt A 127.0.0.1\nget.rt A 127.0.0.1\nother.rt A 127.0.0.1\n"
    "home.rt A 10.0.0.1\nhome.rt A 127.0.0.1\n"
    "six.rt AAAA fd00::1\nmute.rt TEMPERROR\nplain.example A 127.0.0.1\n"
    "tracked.rt A 127.0.0.1\n";
constexpr std::string_view kHosts =
    "sho.rt shortener abuse:sho.rt/blocked abuse:418\nget.rt shortener get\n"
    "other.rt shortener\nhome.rt shortener\nsix.rt shortener\n"
    "mute.rt shortener\ngone.rt shortener\ntracked.rt shortener\n";

bool IsLoopback(const IpAddress& address, std::uint16_t /*port*/) {
  return address == IpAddress::Parse("127.0.0.1");
}

// "/x" of the request.
std::string PathOf(const std::string& request) {
  const std::size_t begin = request.find(' ') + 1;
  return request.substr(begin, request.find(' ', begin) - begin);
}

class LinkExpanderTest : public testing::Test {
 protected:
  LinkExpanderTest() {
    LinkHosts hosts;
    EXPECT_TRUE(hosts.Read(kHosts).empty());
    config_.link_hosts = std::make_shared<const LinkHosts>(std::move(hosts));
    config_.links.tracking_domains = {*Domain::Parse("tracked.rt")};
  }
  // Of "http://sho.rt:PORT/x" with the server's port.
  [[nodiscard]] std::string Url(const std::string& host,
                                const std::string& path) const {
    return "http://" + host + ":" + std::to_string(server_.port()) + path;
  }
  Expansion Ask(const std::string& path, const std::string& host = "sho.rt") {
    return expander_.Expand(Url(host, path), {config_, *dns_, deadline_});
  }
  // What the path is answered.
  void Serve(const std::string& path, std::string answer) {
    answers_[path] = std::move(answer);
  }

  std::map<std::string, std::string> answers_;
  HttpServer server_{[this](const std::string& request) {
    const auto found = answers_.find(PathOf(request));
    return found == answers_.end() ? AnswerOf(404) : found->second;
  }};
  Config config_;
  std::unique_ptr<ScriptedDns> dns_ = *ScriptedDns::Parse(kZone, "zone");
  Deadline deadline_ = In(std::chrono::minutes(1));
  LinkExpander expander_{IsLoopback};
};

TEST_F(LinkExpanderTest, NamesTheTargetAndFetchesItNot) {
  Serve("/x", RedirectTo(Url("plain.example", "/a?b=1#c")));
  const Expansion answer = Ask("/x");
  EXPECT_EQ(answer.result, Result::kTarget);
  EXPECT_EQ(answer.url, Url("plain.example", "/a?b=1#c"));
  EXPECT_EQ(answer.via, "");
  ASSERT_THAT(server_.requests(), SizeIs(1));
  const std::string request = server_.requests().front();
  EXPECT_THAT(request, StartsWith("HEAD /x HTTP/1.1\r\nHost: sho.rt:"));
  EXPECT_THAT(request, HasSubstr("User-Agent: Postern"));
  EXPECT_EQ(request.find("Cookie"), request.npos);
}

TEST_F(LinkExpanderTest, AsksAgainOnlyWhenItHasForgotten) {
  Serve("/x", RedirectTo("https://plain.example/"));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Ask("/x").result, Result::kTarget);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Ask("/y").result, Result::kGone);
  EXPECT_THAT(server_.requests(), SizeIs(2));
}

TEST_F(LinkExpanderTest, FollowsFromShortenerToShortener) {
  Serve("/x", RedirectTo("/y", 302));
  Serve("/y", RedirectTo(Url("other.rt", "/z"), 307));
  Serve("/z", RedirectTo("https://plain.example/%C3%A4?\xC3\xA4"));
  const Expansion answer = Ask("/x");
  EXPECT_EQ(answer.url, "https://plain.example/%C3%A4?%C3%A4");
  EXPECT_EQ(answer.via, "other.rt");
  EXPECT_THAT(server_.requests(), SizeIs(3));
}

TEST_F(LinkExpanderTest, EndsCirclesAndLongWays) {
  Serve("/x", RedirectTo("/y"));
  Serve("/y", RedirectTo("/x"));
  EXPECT_EQ(Ask("/x").reason, "leads in a circle");
  EXPECT_THAT(server_.requests(), SizeIs(2));
  for (char c = 'a'; c < 'z'; ++c)
    Serve({'/', c}, RedirectTo({'/', static_cast<char>(c + 1)}));
  EXPECT_EQ(Ask("/a").reason, "more than 5 redirects");
  EXPECT_THAT(server_.requests(), SizeIs(7));
}

TEST_F(LinkExpanderTest, TellsGoneFromDisabled) {
  EXPECT_EQ(Ask("/none").result, Result::kGone);
  Serve("/410", AnswerOf(410));
  EXPECT_EQ(Ask("/410").result, Result::kGone);
  for (const int status : {418, 451}) {
    const std::string path = "/" + std::to_string(status);
    Serve(path, AnswerOf(status));
    EXPECT_EQ(Ask(path).result, Result::kDisabled) << status;
  }
  Serve("/x", RedirectTo(Url("sho.rt", "/blocked/x")));
  EXPECT_EQ(Ask("/x").result, Result::kDisabled);
  EXPECT_EQ(Ask("/x").reason, "sho.rt leads to its warning");
}

TEST_F(LinkExpanderTest, KnowsNothingFromAPage) {
  Serve("/x", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_EQ(Ask("/x").result, Result::kUnknown);
  EXPECT_EQ(Ask("/x").reason, "sho.rt answers 200, no redirect");
}

TEST_F(LinkExpanderTest, UsesGetWhereTheListSaysSoAndHangsUpOnTheBody) {
  Serve("/x",
        "HTTP/1.1 301 Moved\r\nLocation: https://plain.example/\r\n"
        "Content-Length: 1000000000\r\n\r\nabc");
  EXPECT_EQ(Ask("/x", "get.rt").result, Result::kTarget);
  EXPECT_THAT(server_.requests(), ElementsAre(StartsWith("GET /x ")));
}

TEST(LinkExpander, UsesGetWhereHeadIsRefused) {
  HttpServer server([](const std::string& request) {
    return request.starts_with("HEAD") ? AnswerOf(405)
                                       : RedirectTo("https://plain.example/");
  });
  Config config;
  LinkHosts hosts;
  EXPECT_TRUE(hosts.Read(kHosts).empty());
  config.link_hosts = std::make_shared<const LinkHosts>(std::move(hosts));
  const auto dns = ScriptedDns::Parse(kZone, "zone");
  LinkExpander expander(IsLoopback);
  const Expansion answer =
      expander.Expand("http://sho.rt:" + std::to_string(server.port()) + "/x",
                      {config, **dns, In(std::chrono::minutes(1))});
  EXPECT_EQ(answer.result, Result::kTarget);
  EXPECT_THAT(server.requests(), SizeIs(2));
}

TEST_F(LinkExpanderTest, NamesTargetsOfAnySchemeAndFollowsNone) {
  Serve("/f", RedirectTo("file:///etc/passwd"));
  EXPECT_EQ(Ask("/f").url, "file:///etc/passwd");
  Serve("/j", RedirectTo("javascript:alert(1)"));
  EXPECT_EQ(Ask("/j").url, "javascript:alert(1)");
  EXPECT_EQ(Ask("/j").result, Result::kTarget);
}

TEST_F(LinkExpanderTest, DoesNotAskWhatItMayNot) {
  for (const auto& [host, path] :
       std::map<std::string, std::string>{{"plain.example", "/x"},
                                          {"tracked.rt", "/x"},
                                          {"sho.rt", "/x?u=1"},
                                          {"home.rt", "/x"},
                                          {"six.rt", "/x"},
                                          {"mute.rt", "/x"},
                                          {"gone.rt", "/x"}})
    EXPECT_EQ(Ask(path, host).result, Result::kUnknown) << host;
  EXPECT_THAT(Ask("/x", "home.rt").reason, HasSubstr("home.rt is at 10.0.0.1"));
  Serve("/p", RedirectTo(Url("other.rt", "/x?u=1")));
  EXPECT_EQ(Ask("/p").result, Result::kUnknown);
  EXPECT_EQ(
      expander_.Expand("ftp://sho.rt/x", {config_, *dns_, deadline_}).result,
      Result::kUnknown);
  EXPECT_THAT(server_.requests(), SizeIs(1));
}

TEST_F(LinkExpanderTest, DoesNotAskOurOwnEgress) {
  config_.egress = {
      {.name = "main", .addresses = {*IpAddress::Parse("127.0.0.1")}}};
  EXPECT_EQ(Ask("/x").result, Result::kUnknown);
  EXPECT_THAT(server_.requests(), SizeIs(0));
}

TEST_F(LinkExpanderTest, ReachesNothingPrivateOutsideOfTests) {
  LinkExpander expander;
  const Expansion answer =
      expander.Expand(Url("sho.rt", "/x"), {config_, *dns_, deadline_});
  EXPECT_THAT(answer.reason, HasSubstr("which is not asked"));
  EXPECT_THAT(server_.requests(), SizeIs(0));
  EXPECT_FALSE(IsPublicWeb(*IpAddress::Parse("1.1.1.1"), 25));
  EXPECT_TRUE(IsPublicWeb(*IpAddress::Parse("1.1.1.1"), 443));
}

TEST_F(LinkExpanderTest, LeavesASilentHostAlone) {
  config_.links.expand_time = std::chrono::seconds(2);
  Serve("/x", "");
  EXPECT_EQ(Ask("/x").result, Result::kUnknown);
  server_.WaitForRequests(1);
  EXPECT_EQ(Ask("/y").reason, "sho.rt did not answer a moment ago");
  EXPECT_THAT(server_.requests(), SizeIs(1));
}

TEST_F(LinkExpanderTest, DoesNotBlameTheHostForOurHaste) {
  Serve("/x", "");
  Serve("/y", RedirectTo("https://plain.example/"));
  deadline_ = In(std::chrono::milliseconds(200));
  EXPECT_EQ(Ask("/x").result, Result::kUnknown);
  deadline_ = In(std::chrono::minutes(1));
  EXPECT_EQ(Ask("/y").result, Result::kTarget);
}

TEST_F(LinkExpanderTest, IsNotImpressedByBadAnswers) {
  config_.links.expand_time = std::chrono::seconds(10);
  const std::string ok = "HTTP/1.1 301 Moved\r\nLocation: https://a.example/";
  for (const std::string& answer :
       {ok + "\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n",
        std::string("\0\1\2 garbage\r\n\r\n", 15), std::string("SSH-2.0-x\r\n"),
        std::string("HTTP/1.1 301 Moved\r\n\r\n"), RedirectTo("https://[bad/"),
        RedirectTo("https://a.example/" + std::string(5'000, 'x'))}) {
    LinkExpander expander(IsLoopback);
    Serve("/x", answer);
    const Expansion expansion =
        expander.Expand(Url("sho.rt", "/x"), {config_, *dns_, deadline_});
    EXPECT_EQ(expansion.result, Result::kUnknown) << answer.substr(0, 60);
    EXPECT_NE(expansion.reason, "");
  }
}

TEST(LinkExpander, AsksOnceForAllWhoWantIt) {
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  HttpServer server([&](const std::string&) {
    released.wait();
    return RedirectTo("https://plain.example/");
  });
  Config config;
  LinkHosts hosts;
  EXPECT_TRUE(hosts.Read(kHosts).empty());
  config.link_hosts = std::make_shared<const LinkHosts>(std::move(hosts));
  const auto dns = ScriptedDns::Parse(kZone, "zone");
  LinkExpander expander(IsLoopback);
  const auto ask = [&] {
    return expander
        .Expand("http://sho.rt:" + std::to_string(server.port()) + "/x",
                {config, **dns, In(std::chrono::minutes(1))})
        .result;
  };
  std::vector<std::future<Result>> results;
  for (int i = 0; i < 8; ++i)
    results.push_back(std::async(std::launch::async, ask));
  server.WaitForRequests(1);
  release.set_value();
  for (auto& result : results) EXPECT_EQ(result.get(), Result::kTarget);
  EXPECT_THAT(server.requests(), SizeIs(1));
}

}  // namespace
}  // namespace postern
