// postern keygen, as the operator calls it.
#include <sys/stat.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "milter/desk/desk.h"
#include "policy/config/load.h"
#include "policy/facts/scripted_dns.h"
#include "policy/signing/keys.h"
#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

using testing::HasSubstr;

struct Ran {
  int status = -1;
  std::string out;
};

Ran Keygen(const std::vector<std::string>& words) {
  CLI::App program;
  Ran ran;
  AddKeygenCommand(program, &ran.status);
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  reversed.emplace_back("keygen");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  try {
    program.parse(reversed);
  } catch (const CLI::ParseError& error) {
    ran.status = 100 + error.get_exit_code();
  }
  std::cout.flush();
  ran.out = testing::internal::GetCapturedStdout() +
            testing::internal::GetCapturedStderr();
  return ran;
}

// The record of the output as one line of a zone file.
std::string ZoneLine(const std::string& out) {
  std::string line = out.substr(out.find('\n') + 1);
  line = line.substr(0, line.find(" )"));
  for (const std::string_view piece : {" IN", "(\n"})
    line.erase(line.find(piece), piece.size());
  return line;
}

TEST(Keygen, PublishesWhatItWrites) {
  const ScratchDirectory scratch;
  const Ran ran = Keygen({"example.com", "--selector", "s1", "--algorithm",
                          "rsa", "--directory", scratch.name()});
  ASSERT_EQ(ran.status, 0) << ran.out;
  const std::string file = scratch.name() + "/example.com.s1.pem";
  struct stat status{};
  ASSERT_EQ(stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  const auto dns = ScriptedDns::Parse(ZoneLine(ran.out), "zone");
  ASSERT_TRUE(dns) << dns.error().message;
  const KeyInUse key{*Domain::Parse("example.com"), "s1",
                     *PrivateKey::FromFile(file)};
  EXPECT_EQ(AskPublishedKey(key, **dns, Deadline::max()),
            PublishedKey::kMatches);
}

TEST(Keygen, WritesTheTomlThatNamesTheKeys) {
  const ScratchDirectory scratch;
  const Ran ran = Keygen({"example.com", "--directory", scratch.name()});
  ASSERT_EQ(ran.status, 0) << ran.out;
  const auto config =
      ParseConfig(ran.out.substr(ran.out.find("# For")), "/p.toml", {});
  ASSERT_TRUE(config) << config.error().message;
  const auto ring = *KeyRing::Load(config->signing);
  ASSERT_EQ(ring->References().size(), 2u);
  for (const KeyReference& reference : ring->References())
    EXPECT_TRUE(ring->Open(reference));
}

TEST(Keygen, NeverWritesOverAKey) {
  const ScratchDirectory scratch;
  const std::string file = scratch.name() + "/example.com.s1.pem";
  std::ofstream(file) << "precious";
  const Ran ran = Keygen({"example.com", "--selector", "s1", "--algorithm",
                          "ed25519", "--directory", scratch.name()});
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.out, HasSubstr("is there already"));
  std::ifstream kept(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(kept), {}), "precious");
}

TEST(Keygen, RefusesWhatIsNoName) {
  EXPECT_EQ(Keygen({"a b"}).status, 2);
  EXPECT_EQ(Keygen({"example.com", "--selector", "../x"}).status, 2);
  EXPECT_EQ(Keygen({"example.com", "--directory", "/nowhere"}).status, 2);
  EXPECT_GE(Keygen({"example.com", "--bits", "512"}).status, 100);
}

}  // namespace
}  // namespace postern
