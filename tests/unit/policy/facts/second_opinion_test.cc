#include "policy/facts/second_opinion.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <semaphore>
#include <string>
#include <thread>

#include "policy/base/file_descriptor.h"
#include "policy/facts/stream_exchange.h"

namespace postern {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

// A filter on a port of its own that takes one connection, reads a request up
// to its "." and answers; or that says nothing until it is let go.
class FakeFilter {
 public:
  enum class Manner { kAnswer, kSilent };

  FakeFilter(std::string answer, Manner manner)
      : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof to;
    EXPECT_EQ(bind(listener_.get(), reinterpret_cast<sockaddr*>(&to), size), 0);
    EXPECT_EQ(listen(listener_.get(), 1), 0);
    EXPECT_EQ(
        getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&to), &size),
        0);
    address_ = "127.0.0.1:" + std::to_string(ntohs(to.sin_port));
    thread_ = std::jthread([this, manner, text = std::move(answer)] {
      const FileDescriptor client(accept(listener_.get(), nullptr, nullptr));
      ReadRequest(client.get());
      if (manner == Manner::kSilent) {
        released_.acquire();
        return;
      }
      std::string_view rest = text;
      while (!rest.empty()) {
        const ssize_t sent =
            send(client.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        rest.remove_prefix(static_cast<std::size_t>(sent));
      }
    });
  }
  ~FakeFilter() { released_.release(); }
  FakeFilter(const FakeFilter&) = delete;
  FakeFilter& operator=(const FakeFilter&) = delete;

  [[nodiscard]] const std::string& address() const { return address_; }
  // What it was asked, once it has answered.
  std::string Asked() {
    thread_.join();
    return asked_;
  }

 private:
  void ReadRequest(int client) {
    std::array<char, 4096> buffer;
    for (ssize_t taken = 0;
         !asked_.ends_with('.') &&
         (taken = recv(client, buffer.data(), buffer.size(), 0)) > 0;)
      asked_.append(buffer.data(), static_cast<std::size_t>(taken));
  }

  FileDescriptor listener_;
  std::string address_;
  std::string asked_;
  std::binary_semaphore released_{0};
  std::jthread thread_;
};

TEST(Exchange, GivesTheRequestAndTakesTheAnswer) {
  FakeFilter filter("the answer", FakeFilter::Manner::kAnswer);
  const auto answer =
      Exchange(filter.address(), "the request.", In(milliseconds(10'000)));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(*answer, "the answer");
  EXPECT_EQ(filter.Asked(), "the request.");
}

TEST(Exchange, GivesUpAtItsDeadline) {
  FakeFilter filter("", FakeFilter::Manner::kSilent);
  const auto answer = Exchange(filter.address(), ".", In(milliseconds(50)));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message, "read: timed out");
}

TEST(Exchange, TakesNoAnswerWithoutEnd) {
  FakeFilter filter(std::string(std::size_t{3} << 20, 'x'),
                    FakeFilter::Manner::kAnswer);
  const auto answer = Exchange(filter.address(), ".", In(milliseconds(10'000)));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message, "read: over 1048576 octets");
}

TEST(Exchange, SaysWhyItCannotConnect) {
  const Deadline soon = In(milliseconds(1000));
  EXPECT_THAT(Exchange("unix:/no/such/socket", "x", soon).error().message,
              HasSubstr("connect: No such file"));
  EXPECT_THAT(Exchange("localhost:1", "x", soon).error().message,
              HasSubstr("not an address"));
  EXPECT_THAT(
      Exchange("unix:/" + std::string(200, 'a'), "x", soon).error().message,
      HasSubstr("path too long"));
}

TEST(ReadRspamd, TellsScoreAndSymbols) {
  const SecondOpinion opinion = ReadRspamd(
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n"
      R"({"is_skipped":false,"score":7.5,"required_score":15.0,"symbols":{)"
      R"("A":{"name":"A","score":1.5},"B":{"score":6.5},"C":{"score":-0.5}}})");
  EXPECT_TRUE(opinion.is_known) << opinion.fault;
  EXPECT_EQ(opinion.score, 7.5);
  EXPECT_EQ(opinion.threshold, 15.0);
  EXPECT_EQ(opinion.symbols, "B,A");
}

TEST(ReadRspamd, TellsWhatWasDecidedBeforeTheRules) {
  const SecondOpinion opinion = ReadRspamd(
      "HTTP/1.1 200 OK\r\n\r\n"
      R"({"is_skipped":true,"score":15.0,"required_score":15.0,"symbols":{)"
      R"("GTUBE":{"name":"GTUBE","score":0.0}}})");
  EXPECT_TRUE(opinion.is_known) << opinion.fault;
  EXPECT_EQ(opinion.symbols, "GTUBE");
}

TEST(ReadRspamd, KnowsNothingOfOddAnswers) {
  for (const std::string body :
       {"", "{", "[]", "{}", R"({"score":"7"})", R"({"score":7})",
        R"({"score":1,"required_score":null})",
        R"({"score":0,"required_score":2,"is_skipped":true})"}) {
    const SecondOpinion opinion = ReadRspamd("HTTP/1.1 200 OK\r\n\r\n" + body);
    EXPECT_FALSE(opinion.is_known) << body;
    EXPECT_NE(opinion.fault, "") << body;
  }
  EXPECT_EQ(ReadRspamd("HTTP/1.1 403 Forbidden\r\n\r\n{}").fault,
            "HTTP/1.1 403 Forbidden");
  EXPECT_EQ(ReadRspamd("").fault, "no HTTP answer");
  EXPECT_EQ(ReadRspamd("\r\n\r\n").fault, "no HTTP answer");
}

TEST(ReadSpamd, TellsScoreAndSymbols) {
  const SecondOpinion opinion = ReadSpamd(
      "SPAMD/1.1 0 EX_OK\r\nContent-length: 20\r\n"
      "Spam: True ; 12.3 / 5.0\r\n\r\nGTUBE,MISSING_DATE\r\n");
  EXPECT_TRUE(opinion.is_known) << opinion.fault;
  EXPECT_EQ(opinion.score, 12.3);
  EXPECT_EQ(opinion.threshold, 5.0);
  EXPECT_EQ(opinion.symbols, "GTUBE,MISSING_DATE");
}

TEST(ReadSpamd, KnowsNothingOfOddAnswers) {
  for (const char* answer :
       {"", "SPAMD/1.1 0 EX_OK\r\n\r\n", "SPAMD/1.1 75 EX_TEMPFAIL\r\n\r\n",
        "SPAMD/1.1 0 EX_OK\r\nSpam: True\r\n\r\n",
        "SPAMD/1.1 0 EX_OK\r\nSpam: True ; x / 5\r\n\r\n",
        "SPAMD/1.1 0 EX_OK\r\nSpam: True ; nan / 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nSpam: True ; 1 / 5\r\n\r\n"}) {
    const SecondOpinion opinion = ReadSpamd(answer);
    EXPECT_FALSE(opinion.is_known) << answer;
    EXPECT_NE(opinion.fault, "") << answer;
  }
}

TEST(RspamdRequest, HasOneLineForEachWord) {
  const std::string request = RspamdRequest({.message = "A: b\r\n\r\nc",
                                             .ip = "192.0.2.1",
                                             .helo = "h",
                                             .mail_from = "a\r\nX: y",
                                             .recipients = {"b@x", "c@x"}});
  EXPECT_EQ(request,
            "POST /checkv2 HTTP/1.0\r\nIP: 192.0.2.1\r\nHelo: h\r\n"
            "From: a??X: y\r\nRcpt: b@x\r\nRcpt: c@x\r\n"
            "Content-Length: 9\r\nConnection: close\r\n\r\nA: b\r\n\r\nc");
}

TEST(SpamdRequest, SaysHowLongTheMessageIs) {
  EXPECT_EQ(SpamdRequest({.message = "A: b\r\n\r\nc"}),
            "SYMBOLS SPAMC/1.5\r\nContent-length: 9\r\n\r\nA: b\r\n\r\nc");
}

}  // namespace
}  // namespace postern
