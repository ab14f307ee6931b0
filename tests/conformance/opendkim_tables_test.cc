// The real opendkim beside our key ring: for the same tables and the same
// author both choose the same d= and s=, or nothing.
//
// With MultipleSignatures opendkim.conf(5) promises all matches. opendkim
// 2.11.0 Beta2 signs with the first and the last of them only; we sign with
// all.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "policy/base/tag_list.h"
#include "policy/base/text.h"
#include "policy/signing/keys.h"
#include "tests/support/child.h"
#include "tests/support/milter_client.h"
#include "tests/support/scratch_directory.h"
#include "tests/support/test_keys.h"

namespace postern {
namespace {

constexpr const char* kProgram = "/usr/sbin/opendkim";

struct Tables {
  std::string name;
  std::string key_table, signing_table;
  bool is_refile = false;
  bool has_refile_keys = false;
  bool has_multiple = false;
};

constexpr const char* kAuthors[] = {
    "user@example.com",     "other@example.com", "user@sub.example.com",
    "x@a.sub.example.com",  "USER@EXAMPLE.com",  "user@example.net",
    "bob+tag@example.net",  "x@org.example.org", "x@notexample.com",
    "user@example.com.org", "a@b.mixed.test",
};

std::string Joined(const std::set<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += name + " ";
  return text;
}

class Opendkim {
 public:
  explicit Opendkim(const Tables& tables) {
    const std::string folder = scratch_.name() + "/";
    for (const char* key : {"k.pem", "example.com.pem", "sub.example.com.pem",
                            "fixed.test.pem"}) {
      std::ofstream(folder + key) << kTestRsa1024Pem;
      chmod((folder + key).c_str(), 0600);
    }
    std::string keys = tables.key_table;
    for (std::size_t at = keys.find("@DIR@"); at != keys.npos;
         at = keys.find("@DIR@"))
      keys.replace(at, 5, scratch_.name());
    std::ofstream(folder + "keys") << keys;
    std::ofstream(folder + "signing") << tables.signing_table;
    config_.key_table =
        (tables.has_refile_keys ? "refile:" : "file:") + folder + "keys";
    config_.signing_table =
        (tables.is_refile ? "refile:" : "file:") + folder + "signing";
    config_.multiple_signatures = tables.has_multiple;
    socket_ = "unix:" + folder + "socket";
    std::ofstream(folder + "conf")
        << "Socket local:" << folder << "socket\nBackground no\nMode s\n"
        << "InternalHosts 192.0.2.1\nRequireSafeKeys no\nSyslog no\n"
        << "KeyTable " << config_.key_table << "\nSigningTable "
        << config_.signing_table << "\nMultipleSignatures "
        << (tables.has_multiple ? "yes" : "no") << "\nPidFile " << folder
        << "pid\n";
    Start(folder + "conf");
  }
  ~Opendkim() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);  // it takes seconds to end in peace
    waitpid(pid_, nullptr, 0);
  }
  Opendkim(const Opendkim&) = delete;
  Opendkim& operator=(const Opendkim&) = delete;

  [[nodiscard]] const SigningConfig& config() const { return config_; }

  // "d/s d/s", as opendkim signs; what it answers when it does not accept.
  [[nodiscard]] std::string Signs(const std::string& author) const {
    auto client = Dial();
    if (!client) return client.error().message;
    MilterMessage message;
    message.headers = {{"From", " " + author},
                       {"Date", " Sat, 21 Nov 2026 12:00:00 +0000"}};
    message.body = "Hello.\r\n";
    const MilterOutcome outcome = client->SendMessage(message);
    std::set<std::string> signs;
    for (const MilterEdit& edit : outcome.edits)
      if (EqualsIgnoreCase(edit.name, "DKIM-Signature"))
        signs.insert(NameOf(edit.value));
    return Joined(signs);
  }

 private:
  static std::string NameOf(const std::string& signature) {
    const auto tags = TagList::Parse(signature);
    if (!tags) return "unreadable";
    return ToLower(*tags->Find("d")) + "/" + ToLower(*tags->Find("s"));
  }
  void Start(std::string config) {
    pid_ = StartChild({kProgram, "-f", "-x", std::move(config)});
  }
  // It needs a moment until it listens.
  Result<MilterClient> Dial() const {
    Result<MilterClient> client = MilterClient::Open(socket_);
    for (int i = 0; i < 200 && !client; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(25));
      client = MilterClient::Open(socket_);
    }
    return client;
  }

  ScratchDirectory scratch_;
  SigningConfig config_;
  std::string socket_;
  pid_t pid_ = -1;
};

// The names of ours that opendkim would use.
std::string WeSign(const KeyRing& ring, const std::string& author) {
  const std::size_t at = author.find('@');
  std::vector<std::string> names;
  for (const KeyInUse& key :
       ring.KeysFor(author.substr(0, at), *Domain::Parse(author.substr(at + 1)))
           .keys)
    names.push_back(key.domain.text() + "/" + key.selector);
  if (names.size() > 2) names = {names.front(), names.back()};
  return Joined({names.begin(), names.end()});
}

std::string KeyLine(const std::string& name, const std::string& value) {
  return name + " " + value + ":@DIR@/k.pem\n";
}

std::vector<Tables> AllTables() {
  const std::string keys =
      KeyLine("one", "example.com:one") + KeyLine("two", "%:two") +
      KeyLine("three", "third.test:three") +
      KeyLine("ONE", "upper.test:upper") + "named %:named:@DIR@/%.pem\n" +
      "fixed fixed.test:fixed:@DIR@/%.pem\n" +
      KeyLine("example.net", "example.net:own");
  const std::string order =
      "# all of the forms\n\n"
      "* three\nuser@* two\n.com one\nuser@.com two\n.example.com three\n"
      "user@.sub.example.com one\nexample.com two\nuser@example.com one\n";
  const std::string patterns =
      "USER@sub.* one # a comment\n*@example.com two\n"
      "*@*.example.com three\n*@*.com one\nbob+*@example.net three\n"
      "x@*org one\n \t*@example.net two\n*.mixed.* %signer\n";
  std::string cleaned = patterns.substr(0, patterns.rfind("*.mixed"));
  return {
      {"file", keys, order},
      {"file, all", keys, order, false, false, true},
      {"file, domains", keys, "example.com one\n.example.com two\n"},
      {"file, author's key", keys, "example.net %\nexample.com named\n"},
      {"file, path of d=", keys, "example.com fixed\nsub.example.com named\n"},
      {"file, case of keys", keys, "Example.COM ONE\n"},
      {"file, signer", keys, "example.com one:u@%\n.example.com two:%@%\n"},
      {"file, twice", keys, "example.com one\nexample.com two\n"},
      {"file, twice, all", keys, "example.com one\nexample.com two\n", false,
       false, true},
      {"refile", keys, cleaned, true},
      {"refile, all", keys, cleaned, true, false, true},
      {"refile, literal", keys, "user@example.com one\nexample.com two\n",
       true},
      {"refile, dots", keys, "*@example.co? one\n*@exampl..com two\n", true},
      {"refile, star last", keys, "user@* one\n* two\n", true},
      {"refile, both", keys, cleaned, true, true},
      {"refile keys",
       KeyLine("o*", "example.com:glob") + KeyLine("one", "example.com:one") +
           KeyLine("*", "rest.test:rest"),
       "*@example.com one\n*@example.net two\n", true, true},
  };
}

TEST(OpendkimTables, ChooseTheSameKeys) {
  if (access(kProgram, X_OK) != 0) GTEST_SKIP() << "no opendkim here";
  for (const Tables& tables : AllTables()) {
    const Opendkim opendkim(tables);
    const auto ring = KeyRing::Load(opendkim.config());
    if (!ring) {
      ADD_FAILURE() << tables.name << ": " << ring.error().message;
      continue;
    }
    for (const char* author : kAuthors)
      EXPECT_EQ(WeSign(**ring, author), opendkim.Signs(author))
          << tables.name << ": " << author;
  }
}

}  // namespace
}  // namespace postern
