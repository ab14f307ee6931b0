#include "policy/holds/held_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "policy/base/durable_file.h"
#include "policy/base/text.h"
#include "policy/holds/fingerprint.h"
#include "tests/support/scratch_directory.h"

namespace postern {
namespace {

namespace fs = std::filesystem;

const TimePoint kStart{std::chrono::seconds(1'800'000'000)};

Message Letter(const std::string& octets =
                   "Received: by mta.example id 1\r\nFrom: a@example.com\r\n"
                   "Subject: =?utf-8?q?Hello?=\r\n there\r\n\r\nBody\r\n") {
  ParsedOctets parsed = ParseOctets(octets);
  Message message;
  message.envelope = {
      "a@example.com",
      {"SIZE=100", "BODY=8BITMIME"},
      {{"b@example.org", {"NOTIFY=NEVER"}}, {"c@example.org", {}}}};
  message.submission.login = "alice";
  message.submission.client_address = IpAddress::Parse("2001:db8::1");
  message.header = std::move(parsed.header);
  message.body = std::move(parsed.body);
  return message;
}

std::unique_ptr<HeldStore> Opened(const std::string& directory) {
  static ManualClock clock(kStart);
  Result<std::unique_ptr<HeldStore>> store = HeldStore::Open(directory, clock);
  EXPECT_TRUE(store) << store.error().message;
  return store ? std::move(*store) : nullptr;
}

std::string Held(HeldStore* store, const Message& message = Letter()) {
  const Result<std::string> id =
      store->Put(message, {{"null-mx", "detail", "556 5.1.10 no"}}, kStart);
  EXPECT_TRUE(id) << id.error().message;
  return id.value_or("");
}

TEST(HeldStore, KeepsEverythingNeededToSendLater) {
  ScratchDirectory directory;
  const std::string id = Held(Opened(directory.name()).get());
  const auto store = Opened(directory.name());
  const Result<HeldMessage> held = store->Find(id);
  ASSERT_TRUE(held) << held.error().message;
  EXPECT_EQ(held->held_at, kStart);
  EXPECT_EQ(held->free_at, kStart);
  EXPECT_TRUE(held->is_pending);
  EXPECT_EQ(held->envelope.mail_from, "a@example.com");
  EXPECT_EQ(held->envelope.mail_args.at(1), "BODY=8BITMIME");
  EXPECT_EQ(held->envelope.recipients.at(0).args.at(0), "NOTIFY=NEVER");
  EXPECT_EQ(held->submission.login, "alice");
  EXPECT_EQ(held->submission.client_address, IpAddress::Parse("2001:db8::1"));
  EXPECT_EQ(held->reasons.at(0).reply, "556 5.1.10 no");
  EXPECT_EQ(held->subject, "=?utf-8?q?Hello?= there");
  const Message letter = Letter();
  EXPECT_EQ(store->Octets(id), ToOctets(letter.header, letter.body));
}

TEST(HeldStore, KeepsForeignOctetsAsTheyAre) {
  ScratchDirectory directory;
  const auto store = Opened(directory.name());
  Message message = Letter("Subject: \xff\x01 \xc3\xa4\nX: y\n\nno\0 end\r\n.");
  message.body = Body::FromString(std::string("a\0b\n\r\r\n.\r\n\xff", 11));
  message.envelope.mail_from = std::string("\xff\0@x", 4);
  message.envelope.recipients[0].address = "\xc3\xa4@x";
  message.submission.login = "\"\\\n\x80";
  const std::string id = Held(store.get(), message);
  const Result<HeldMessage> held = store->Find(id);
  ASSERT_TRUE(held) << held.error().message;
  EXPECT_EQ(held->envelope.mail_from, message.envelope.mail_from);
  EXPECT_EQ(held->envelope.recipients.at(0).address, "\xc3\xa4@x");
  EXPECT_EQ(held->submission.login, message.submission.login);
  EXPECT_EQ(held->subject, "\xff\x01 \xc3\xa4");
  EXPECT_EQ(store->Octets(id), ToOctets(message.header, message.body));
}

TEST(HeldStore, IsForItsOwnerAlone) {
  ScratchDirectory directory;
  const auto store = Opened(directory.name() + "/a/holds");
  const std::string id = Held(store.get());
  const std::string folder = directory.name() + "/a/holds/" + id;
  EXPECT_EQ(fs::status(folder).permissions(), fs::perms(0700));
  EXPECT_EQ(fs::status(folder + "/message.eml").permissions(), fs::perms(0600));
}

TEST(HeldStore, WhatRootMakesBelongsToTheOwnerOfTheStore) {
  if (geteuid() != 0) GTEST_SKIP() << "not root";
  ScratchDirectory directory;
  ASSERT_EQ(chown(directory.name().c_str(), 65534, 65534), 0);
  const auto store = Opened(directory.name() + "/holds");
  const std::string id = Held(store.get());
  ASSERT_TRUE(store->IssueToken(id, ReleaseBy::kOperator));
  for (const char* name : {"", "/message.eml", "/release.json"}) {
    struct stat status;
    const std::string file = directory.name() + "/holds/" + id + name;
    ASSERT_EQ(stat(file.c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, 65534u) << name;
  }
}

TEST(HeldStore, ARetryJoinsThePendingHold) {
  ScratchDirectory directory;
  const std::string id = Held(Opened(directory.name()).get());
  const auto store = Opened(directory.name());
  Message retry = Letter();
  retry.header.SetNth("Received", 0, "by mta.example id 2");
  retry.header.Prepend("Date", "added by us");
  std::swap(retry.envelope.recipients[0], retry.envelope.recipients[1]);
  EXPECT_EQ(Held(store.get(), retry), id);
  EXPECT_EQ(store->List()->size(), 1u);
}

TEST(HeldStore, AnotherMessageDoesNotJoin) {
  ScratchDirectory directory;
  const auto store = Opened(directory.name());
  const std::string id = Held(store.get());
  Message body = Letter();
  body.body = Body::FromString("Body\r\n\r\n");
  Message header = Letter();
  header.header.SetNth("Subject", 0, "Other");
  Message recipients = Letter();
  recipients.envelope.recipients.pop_back();
  for (const Message& other : {body, header, recipients})
    EXPECT_NE(Held(store.get(), other), id);
}

TEST(HeldStore, AConfirmedHoldIsNotJoined) {
  ScratchDirectory directory;
  const auto store = Opened(directory.name());
  const std::string id = Held(store.get());
  ASSERT_TRUE(store->Confirm(id));
  ASSERT_TRUE(store->Confirm(id));
  EXPECT_FALSE(store->Find(id)->is_pending);
  EXPECT_NE(Held(store.get()), id);
}

TEST(HeldStore, AHoldThatIsBeingReleasedIsNotJoined) {
  ScratchDirectory directory;
  const auto store = Opened(directory.name());
  const std::string id = Held(store.get());
  auto desk = Opened(directory.name());
  ASSERT_TRUE(desk->IssueToken(id, ReleaseBy::kOperator));
  EXPECT_NE(Held(store.get()), id);
  const std::string second = Held(store.get(), Letter("X: y\n\nz\n"));
  ASSERT_TRUE(desk->IssueToken(second, ReleaseBy::kOperator));
  desk.reset();
  EXPECT_NE(Held(store.get(), Letter("X: y\n\nz\n")), second);
}

TEST(HeldStore, ALimitThatHasFreedWaivesNothing) {
  ScratchDirectory directory;
  const auto store = Opened(directory.name());
  const std::string id = Held(store.get());
  const std::string value =
      Opened(directory.name())->IssueToken(id, ReleaseBy::kLimit).value();
  const auto pass = store->Redeem(value, Body::FromString("Body\n"));
  ASSERT_TRUE(pass);
  EXPECT_TRUE(pass->waived_checks.empty());
}

TEST(HeldStore, AnIssuedTokenIsRedeemedForThisBodyOnly) {
  ScratchDirectory directory;
  const auto store = Opened(directory.name());
  const std::string id = Held(store.get());
  const auto desk = Opened(directory.name());
  const std::string value = desk->IssueToken(id, ReleaseBy::kOperator).value();
  // On its way the body's line ends are made alike.
  const auto pass = store->Redeem(" " + value, Body::FromString("Body\n"));
  ASSERT_TRUE(pass);
  EXPECT_EQ(pass->hold_id, id);
  EXPECT_EQ(pass->waived_checks, std::vector<std::string>{"null-mx"});
  EXPECT_EQ(pass->submission.login, "alice");
  EXPECT_TRUE(store->Redeem(value, Body::FromString("Body\r\n")));
  EXPECT_FALSE(store->Redeem(value, Body::FromString("Body!\r\n")));
  ASSERT_TRUE(desk->Complete(id));
  EXPECT_FALSE(store->Redeem(value, Body::FromString("Body\r\n")));
  EXPECT_FALSE(store->Find(id));
}

TEST(HeldStore, AForgedTokenIsNotRedeemed) {
  ScratchDirectory directory;
  const auto store = Opened(directory.name());
  const std::string id = Held(store.get());
  const Body body = Letter().body;
  EXPECT_FALSE(store->Redeem(id + " " + std::string(64, '0'), body));
  const std::string value = store->IssueToken(id, ReleaseBy::kOperator).value();
  const std::string again = store->IssueToken(id, ReleaseBy::kOperator).value();
  EXPECT_FALSE(store->Redeem(value, body));
  EXPECT_TRUE(store->Redeem(again, body));
  std::string changed = again;
  changed.back() = changed.back() == '0' ? '1' : '0';
  for (const std::string& forged :
       {changed, again + "0", again.substr(0, again.size() - 1), id, id + " ",
        std::string(), std::string(" "), "../" + again, again + " x",
        std::string(1000, 'a'), std::string("\0 \0", 3)})
    EXPECT_FALSE(store->Redeem(forged, body)) << forged;
}

TEST(HeldStore, ChangedOctetsAreNotReleased) {
  ScratchDirectory directory;
  const auto store = Opened(directory.name());
  const std::string id = Held(store.get());
  std::ofstream(directory.name() + "/" + id + "/message.eml", std::ios::app)
      << "more";
  EXPECT_FALSE(store->IssueToken(id, ReleaseBy::kOperator));
  EXPECT_TRUE(store->Find(id));
}

TEST(HeldStore, RecipientsThatWereRefusedStayHeld) {
  ScratchDirectory directory;
  const auto store = Opened(directory.name());
  const std::string id = Held(store.get());
  const std::string value = store->IssueToken(id, ReleaseBy::kOperator).value();
  ASSERT_TRUE(store->KeepRecipients(id, {{"c@example.org", {"NOTIFY=NEVER"}}}));
  const HeldMessage held = Opened(directory.name())->Find(id).value();
  ASSERT_EQ(held.envelope.recipients.size(), 1u);
  EXPECT_EQ(held.envelope.recipients[0].address, "c@example.org");
  EXPECT_FALSE(held.is_pending);
  EXPECT_FALSE(store->Redeem(value, Letter().body));
}

TEST(HeldStore, OnlyOneMayRelease) {
  ScratchDirectory directory;
  auto first = Opened(directory.name());
  const auto second = Opened(directory.name());
  const std::string id = Held(first.get());
  ASSERT_TRUE(first->IssueToken(id, ReleaseBy::kOperator));
  EXPECT_FALSE(second->IssueToken(id, ReleaseBy::kOperator));
  EXPECT_FALSE(second->Drop(id));
  first.reset();
  EXPECT_TRUE(second->Drop(id));
}

TEST(HeldStore, OfManyProcessesOneDrops) {
  ScratchDirectory directory;
  const auto store = Opened(directory.name());
  for (int round = 0; round < 5; ++round) {
    const std::string id = Held(store.get());
    int start[2];
    ASSERT_EQ(pipe(start), 0);
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i) {
      const pid_t child = fork();
      if (child == 0) {
        close(start[1]);
        char octet;
        (void)!read(start[0], &octet, 1);  // until the parent closes it
        ManualClock clock(kStart);
        auto own = HeldStore::Open(directory.name(), clock);
        _exit(own && (*own)->Drop(id) ? 1 : 0);
      }
      children.push_back(child);
    }
    close(start[0]);
    close(start[1]);
    int dropped = 0;
    for (const pid_t child : children) {
      int status = 0;
      waitpid(child, &status, 0);
      dropped += WEXITSTATUS(status);
    }
    EXPECT_EQ(dropped, 1);
    EXPECT_TRUE(store->List()->empty());
  }
}

TEST(HeldStore, ManyThreadsMayPut) {
  ScratchDirectory directory;
  const auto store = Opened(directory.name());
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&store, t] {
        for (int i = 0; i < 5; ++i) {
          const std::string id =
              Held(store.get(), Letter(fmt::format("X: {}\n\n{}\n", t, i)));
          EXPECT_TRUE(store->Confirm(id));
          EXPECT_TRUE(store->List());
        }
      });
  }
  EXPECT_EQ(store->List()->size(), 20u);
}

void Age(const std::string& path) {
  fs::last_write_time(path,
                      fs::file_time_type::clock::now() - std::chrono::hours(2));
}

TEST(HeldStore, RemovesOldLeftoversAndNothingElse) {
  ScratchDirectory directory;
  const std::string id = Held(Opened(directory.name()).get());
  for (const char* name : {"/.tmp-old", "/.tmp-new", "/.done-x", "/other"}) {
    fs::create_directory(directory.name() + name);
    std::ofstream(directory.name() + name + "/message.eml") << "x";
  }
  Age(directory.name() + "/.tmp-old");
  Age(directory.name() + "/other");
  Age(directory.name() + "/" + id);
  const auto store = Opened(directory.name());
  EXPECT_FALSE(fs::exists(directory.name() + "/.tmp-old"));
  EXPECT_FALSE(fs::exists(directory.name() + "/.done-x"));
  EXPECT_TRUE(fs::exists(directory.name() + "/.tmp-new"));
  EXPECT_TRUE(fs::exists(directory.name() + "/other"));
  EXPECT_EQ(store->List()->size(), 1u);
}

TEST(HeldStore, ADamagedHoldIsListedAndStays) {
  ScratchDirectory directory;
  const auto store = Opened(directory.name());
  for (const char* json : {"", "{", "[]", "{\"version\": 2}", "null", "\xff",
                           "{\"version\": 1, \"id\": 7}"}) {
    const std::string id = Held(store.get());
    const std::string file = directory.name() + "/" + id + "/hold.json";
    std::ofstream(file) << json;
    const auto list = Opened(directory.name())->List();
    ASSERT_EQ(list->size(), 1u) << json;
    EXPECT_EQ(list->at(0).id, id);
    EXPECT_TRUE(list->at(0).subject.starts_with("unreadable: ")) << json;
    EXPECT_FALSE(store->Find(id));
    EXPECT_FALSE(store->IssueToken(id, ReleaseBy::kOperator));
    ASSERT_TRUE(store->Drop(id));
  }
}

TEST(HeldStore, NothingOutsideCanBeNamed) {
  ScratchDirectory directory;
  const auto store = Opened(directory.name() + "/holds");
  fs::create_directory(directory.name() + "/victim");
  for (const std::string& id :
       {std::string("../victim"), std::string(), std::string("."),
        std::string(32, 'f'), std::string(32, 'F'), std::string(31, '0')}) {
    EXPECT_FALSE(store->Drop(id)) << id;
    EXPECT_FALSE(store->Octets(id)) << id;
    EXPECT_FALSE(store->Confirm(id)) << id;
  }
  EXPECT_TRUE(fs::exists(directory.name() + "/victim"));
}

TEST(HeldStore, AStoreThatCannotBeWrittenIsAnError) {
  ScratchDirectory directory;
  std::ofstream(directory.name() + "/file") << "x";
  ManualClock clock(kStart);
  EXPECT_FALSE(HeldStore::Open(directory.name() + "/file/holds", clock));
  const auto store = Opened(directory.name() + "/holds");
  fs::remove_all(directory.name() + "/holds");
  std::ofstream(directory.name() + "/holds") << "x";
  EXPECT_FALSE(store->Put(Letter(), {}, std::nullopt));
}

TEST(HeldStore, AMessageWithoutHeaderOrBodyIsHeld) {
  ScratchDirectory directory;
  const auto store = Opened(directory.name());
  const std::string id = Held(store.get(), Message{});
  const std::string value = store->IssueToken(id, ReleaseBy::kOperator).value();
  EXPECT_TRUE(store->Redeem(value, Body()));
  EXPECT_TRUE(store->Redeem(value, Body::FromString("\r\n")));
}

TEST(BodySum, IsTheSameForAllLineEnds) {
  EXPECT_EQ(BodySum("a\r\nb\r\n"), BodySum("a\nb"));
  EXPECT_EQ(BodySum("a\rb\r\n\r\n"), BodySum("a\nb\n"));
  EXPECT_NE(BodySum("a\n\nb"), BodySum("a\nb"));
  EXPECT_NE(BodySum("ab"), BodySum("a\nb"));
  EXPECT_EQ(BodySum(""), BodySum("\r\n"));
}

}  // namespace
}  // namespace postern
