#include "policy/signing/signer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <thread>

#include "policy/base/text.h"
#include "policy/facts/dkim.h"
#include "tests/support/map_dns.h"
#include "tests/support/shapes.h"
#include "tests/support/test_keys.h"

namespace postern {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr TimePoint kNow{std::chrono::seconds(1'795'290'840)};

const std::vector<KeyInUse>& Keys() {
  static const std::vector<KeyInUse> keys = {
      TestKey("example.org", "rsa", kTestRsa2048Pem),
      TestKey("example.org", "ed", kTestEd25519Pem)};
  return keys;
}

Header Fields(std::initializer_list<std::pair<const char*, const char*>> list) {
  Header header;
  for (const auto& [name, value] : list) header.Receive(name, value);
  return header;
}

std::string SignOne(const Header& header, std::string body) {
  const auto signed_values = SignMessage(
      header, Body::FromString(std::move(body)), {&Keys()[1], 1}, {}, kNow);
  return signed_values ? signed_values->front() : signed_values.error().message;
}

// The value of h= without folds.
std::string SignedNames(const std::string& signature) {
  const std::size_t begin = signature.find("h=") + 2;
  std::string names =
      signature.substr(begin, signature.find(';', begin) - begin);
  std::erase_if(names, [](char c) { return c == '\n' || c == '\t'; });
  return names;
}

// Ed25519 is deterministic: the whole field is fixed. dkimpy agrees with it.
TEST(SignMessage, WritesTheGoldenField) {
  EXPECT_EQ(SignOne(Fields({{"From", " Alice <alice@example.org>"},
                            {"To", " bob@example.net"},
                            {"Subject", " A  folded\n\tsubject "},
                            {"Date", " Sat, 21 Nov 2026 19:54:00 +0000"}}),
                    "Hello  there. \r\n\r\n"),
            R"(v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.org; s=ed;
	t=1795290840; h=from:from:subject:subject:date:date:to:to:cc:reply-to;
	bh=1w23YHqDCu6gP8Ft309HEaSKZBfRQQmgDik0vag2wdQ=; b=wBA+RzeO/FmDWf5sF//dvId/5g
	0zS47vYViaVBJfKLTWLJedT5rdSAYxEbAVF/uqWAjgIoUI4pL2IBTawVQoCA==)");
}

TEST(SignMessage, NamesEveryInstanceAndOneMore) {
  EXPECT_EQ(SignedNames(SignOne(Fields({{"From", " a@example.org"},
                                        {"To", " b@example.org"},
                                        {"TO", " c@example.org"},
                                        {"References", " <1@x>"},
                                        {"List-Unsubscribe-Post", " x"},
                                        {"List-Unsubscribe", " <http://x>"}}),
                                "")),
            "from:from:subject:to:to:to:cc:reply-to:references:"
            "list-unsubscribe:list-unsubscribe:list-unsubscribe-post:"
            "list-unsubscribe-post");
}

TEST(SignMessage, DoesNotOversignWhatTheMtaMayAdd) {
  EXPECT_EQ(SignedNames(SignOne(Fields({{"From", " a@example.org"}}), "")),
            "from:from:subject:to:cc:reply-to");
}

TEST(SignMessage, LeavesFieldsThatChangeUnsigned) {
  const std::string names =
      SignedNames(SignOne(Fields({{"From", " a@example.org"},
                                  {"Bcc", " b@example.org"},
                                  {"Return-Path", " <a@example.org>"},
                                  {"Content-Length", " 1"},
                                  {"Full-Name", " A"},
                                  {"Received", " x"},
                                  {"X-Postern-Release", " x"},
                                  {"DKIM-Signature", " v=1"},
                                  {"Authentication-Results", " x"}}),
                          ""));
  for (const char* name : {"bcc", "return-path", "content-length", "full-name",
                           "received", "x-postern", "dkim", "auth"})
    EXPECT_THAT(names, Not(HasSubstr(name)));
}

TEST(SignMessage, KeepsLinesWithinSeventyEightOctets) {
  for (const Shape& shape : NamedShapes()) {
    const auto values = SignMessage(shape.header, shape.body, Keys(), {}, kNow);
    ASSERT_TRUE(values) << shape.name;
    for (const std::string& value : *values)
      for (const std::string_view line :
           Split("DKIM-Signature: " + value, '\n'))
        EXPECT_LE(line.size(), 78u) << shape.name << ": " << line;
  }
}

TEST(SignMessage, RefusesAMessageWithoutFrom) {
  EXPECT_EQ(SignOne(Fields({{"To", " a@example.org"}}), ""), "no From field");
}

TEST(SignMessage, RefusesWhatCannotReachAVerifier) {
  for (const char* value : {" a\rb", " a\nBcc: b", " a\n"})
    EXPECT_EQ(
        SignOne(Fields({{"From", " a@example.org"}, {"Subject", value}}), ""),
        "a control character in subject");
  Header nul = Fields({{"From", " a@example.org"}});
  nul.Receive("Subject", std::string(" a\0b", 4));
  EXPECT_EQ(SignOne(nul, ""), "a control character in subject");
}

TEST(SignMessage, IgnoresWhatItDoesNotSign) {
  EXPECT_THAT(
      SignOne(Fields({{"From", " a@example.org"}, {"X-Odd", " a\rb"}}), ""),
      HasSubstr("v=1;"));
}

std::string SignWith(const SigningConfig& config, const KeyInUse& key) {
  const Header header = Fields({{"From", " a@example.org"},
                                {"X-Campaign", " spring"},
                                {"List-Id", " <l.example.org>"}});
  return SignMessage(header, Body(), {&key, 1}, config, kNow)->front();
}

TEST(SignMessage, SignsAndOversignsWhatTheOperatorWants) {
  SigningConfig config;
  config.headers = {"X-Campaign", "X-Absent", "Subject"};
  config.oversign = {"List-Id", "X-Other"};
  EXPECT_EQ(SignedNames(SignWith(config, Keys()[1])),
            "from:from:subject:to:cc:reply-to:list-id:list-id:X-Campaign:"
            "X-Other");
}

TEST(SignMessage, ExpiresWhenTheOperatorWants) {
  SigningConfig config;
  EXPECT_THAT(SignWith(config, Keys()[1]), Not(HasSubstr("x=")));
  config.expiry = std::chrono::hours(24 * 14);
  EXPECT_THAT(SignWith(config, Keys()[1]),
              HasSubstr("t=1795290840; x=1796500440;"));
}

// RFC 6376 s.3.5: i= is within d=.
TEST(SignMessage, NamesTheAgentOfTheKeysOwnDomain) {
  KeyInUse key = Keys()[1];
  for (const char* agent : {"@example.org", "u@x.example.org"}) {
    key.agent = agent;
    EXPECT_THAT(SignWith({}, key), HasSubstr(std::string("i=") + agent + ";"));
  }
  for (const char* agent :
       {"u@example.net", "example.org", "a;b@example.org", "a b@example.org"}) {
    key.agent = agent;
    EXPECT_THAT(SignWith({}, key), Not(HasSubstr("i="))) << agent;
  }
}

TEST(SignMessage, MakesNothingWithoutKeys) {
  EXPECT_TRUE(SignMessage(Header(), Body(), {}, {}, kNow)->empty());
}

// What libopendkim says of the message with our signatures on top.
std::string ResultsOf(const Shape& shape) {
  MapDns dns;
  for (const KeyInUse& key : Keys())
    dns.txt[key.selector + "._domainkey.example.org"] = {KeyRecordOf(*key.key)};
  const auto values = SignMessage(shape.header, shape.body, Keys(), {}, kNow);
  if (!values) return values.error().message;
  Header header = shape.header;
  for (const std::string& value : *values)
    header.Prepend("DKIM-Signature", value);
  std::string results;
  for (const DkimSignature& signature : VerifySignatures(
           header, shape.body, {dns, Deadline::max(), TimePoint{}}))
    results += fmt::format("{} {}{}; ", signature.selector,
                           ToString(signature.result), signature.reason);
  return results;
}

TEST(SignMessage, SatisfiesLibopendkimOnEveryShape) {
  for (const Shape& shape : NamedShapes())
    EXPECT_EQ(ResultsOf(shape), "ed pass; rsa pass; ") << shape.name;
}

TEST(SignMessage, SatisfiesLibopendkimOnRandomMessages) {
  for (std::uint32_t seed = 1; seed <= 300; ++seed)
    EXPECT_EQ(ResultsOf(RandomShape(seed)), "ed pass; rsa pass; ") << seed;
}

TEST(SignMessage, WorksInManyThreads) {
  const Shape shape = RandomShape(7);
  std::vector<std::string> results(4);
  {
    std::vector<std::jthread> threads;
    for (std::string& result : results)
      threads.emplace_back([&] {
        for (int i = 0; i < 10; ++i) result = ResultsOf(shape);
      });
  }
  EXPECT_THAT(results, testing::Each("ed pass; rsa pass; "));
}

// Every octet of what was signed counts: a change anywhere is found.
TEST(SignMessage, IsBrokenByEveryChange) {
  const Header header = Fields({{"From", " a@example.org"},
                                {"Subject", " s"},
                                {"List-Unsubscribe", " <https://x>"}});
  const auto value = SignOne(header, "Hello.\r\n");
  const auto verify = [&](Header changed, std::string body) {
    MapDns dns;
    dns.txt["ed._domainkey.example.org"] = {KeyRecordOf(*Keys()[1].key)};
    changed.Prepend("DKIM-Signature", value);
    return VerifySignatures(changed, Body::FromString(std::move(body)),
                            {dns, Deadline::max(), TimePoint{}})
        .front();
  };
  EXPECT_EQ(verify(header, "Hello.\r\n").result, DkimResult::kPass);
  EXPECT_EQ(verify(header, "Hello!\r\n").reason, "the body was changed");
  for (const char* name : {"From", "Subject", "List-Unsubscribe", "Reply-To"}) {
    Header changed = header;
    changed.Append(name, "added@example.org");
    EXPECT_EQ(verify(changed, "Hello.\r\n").result, DkimResult::kFail) << name;
    changed = header;
    changed.Set(name, "changed@example.org");
    EXPECT_EQ(verify(changed, "Hello.\r\n").result, DkimResult::kFail) << name;
  }
}

}  // namespace
}  // namespace postern
