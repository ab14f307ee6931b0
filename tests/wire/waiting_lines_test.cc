// What a limit holds leaves by itself: first come, first served, and handed
// back about once each.
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>

#include <fmt/format.h>

#include "policy/base/file_descriptor.h"
#include "tests/wire/wire.h"

namespace postern {
namespace {

// An MTA's loopback listener with Postern as its milter: what it is handed, it
// asks about, and answers what it is told.
class LoopbackMta {
 public:
  LoopbackMta() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(listener_.get(), plain, size), 0);
    EXPECT_EQ(listen(listener_.get(), 16), 0);
    EXPECT_EQ(getsockname(listener_.get(), plain, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  [[nodiscard]] int port() const { return port_; }
  void Serve(const std::string& milter_socket) {
    thread_ = std::jthread([this, milter_socket](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        pollfd waiting{listener_.get(), POLLIN, 0};
        if (poll(&waiting, 1, 50) <= 0) continue;
        const FileDescriptor client(accept(listener_.get(), nullptr, nullptr));
        Talk(client.get(), milter_socket);
      }
    });
  }
  void Stop() { thread_ = {}; }
  // The subjects of what it took, in this order.
  [[nodiscard]] std::vector<std::string> Taken() {
    const std::lock_guard lock(mutex_);
    return taken_;
  }
  [[nodiscard]] int attempts() const { return attempts_; }

 private:
  void Talk(int client, const std::string& milter_socket) {
    MilterMessage message;
    message.headers.clear();
    message.recipients.clear();
    Answer(client, "220 loopback");
    bool is_header = true;
    bool is_data = false;
    for (;;) {
      const std::string line = ReadLine(client);
      if (line.empty() && !is_data) return;
      if (is_data && line == ".") {
        Answer(client, Judge(message, milter_socket));
        is_data = false;
      } else if (is_data && is_header) {
        const std::size_t colon = line.find(':');
        is_header = !line.empty();
        if (is_header)
          message.headers.push_back(
              {line.substr(0, colon), line.substr(colon + 1)});
      } else if (is_data) {
        message.body += line + "\r\n";
      } else if (line == "DATA") {
        is_data = true;
        message.body.clear();
        Answer(client, "354 go on");
      } else if (line.starts_with("MAIL FROM:")) {
        message.mail_from = line.substr(10);
        Answer(client, "250 ok");
      } else if (line.starts_with("RCPT TO:")) {
        message.recipients.push_back({line.substr(8), {}});
        Answer(client, "250 ok");
      } else {
        Answer(client, line == "QUIT" ? "221 bye" : "250 ok");
        if (line == "QUIT") return;
      }
    }
  }
  std::string Judge(const MilterMessage& message,
                    const std::string& milter_socket) {
    ++attempts_;
    auto milter = MilterClient::Open(milter_socket, {});
    if (!milter) return "451 4.3.2 no milter";
    const MilterOutcome outcome = milter->SendMessage(message);
    (void)milter->Quit();
    if (outcome.verdict == MilterVerdict::kTempfail ||
        outcome.verdict == MilterVerdict::kReject)
      return "451 4.7.1 not now";
    if (outcome.verdict != MilterVerdict::kContinue) return "250 discarded";
    const std::lock_guard lock(mutex_);
    for (const MilterField& field : message.headers)
      if (field.name == "Subject") taken_.push_back(field.value);
    return "250 taken";
  }
  static void Answer(int client, const std::string& text) {
    const std::string line = text + "\r\n";
    (void)!write(client, line.data(), line.size());
  }
  static std::string ReadLine(int client) {
    std::string line;
    char octet = 0;
    while (read(client, &octet, 1) == 1 && octet != '\n')
      if (octet != '\r') line += octet;
    return line;
  }

  const FileDescriptor listener_;
  int port_ = 0;
  std::atomic<int> attempts_ = 0;
  std::mutex mutex_;
  std::vector<std::string> taken_;
  std::jthread thread_;
};

class WaitingLinesWire : public testing::Test {
 protected:
  static constexpr int kMessages = 300;

  WireConfig Limited(std::string_view rates) {
    return Enforcing(
        dns_, fmt::format("holds.reinject = \"127.0.0.1:{}\"\n", mta_.port()),
        fmt::format(R"(
[[limits]]
name = "slow"
key = ["login"]
rates = ["{}"]
)",
                    rates));
  }
  MilterVerdict Send(const std::string& subject) {
    MilterMessage message = CleanMessage();
    message.login = "alice";
    message.headers[2].value = subject;
    MilterClient client = Dial(*postern_);
    const MilterVerdict verdict = client.SendMessage(message).verdict;
    (void)client.Quit();
    return verdict;
  }
  static std::string Subject(int number) {
    return fmt::format(" {:04}", number);
  }
  void WaitUntilTaken(std::size_t number) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(2);
    while (mta_.Taken().size() < number &&
           std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }

  FakeDnsServer dns_{kZone};
  LoopbackMta mta_;
  std::optional<RunningPostern> postern_;
};

TEST_F(WaitingLinesWire, LeaveInTheOrderInWhichTheyCameAndOnceEach) {
  postern_.emplace(Limited("1000/h burst 1"));
  EXPECT_EQ(Send(" first"), MilterVerdict::kContinue);
  for (int i = 0; i < kMessages; ++i)
    ASSERT_EQ(Send(Subject(i)), MilterVerdict::kDiscard) << i;
  // A restart makes the lines anew, from the held store.
  postern_->Send(SIGTERM);
  ASSERT_EQ(postern_->WaitForExit(std::chrono::seconds(60)), 0);
  postern_->WriteConfig(Limited("30/1s burst 1"));
  postern_->StartAgain();
  mta_.Serve(postern_->socket());
  // Whoever comes while others wait goes behind them.
  EXPECT_EQ(Send(" last"), MilterVerdict::kDiscard);
  WaitUntilTaken(kMessages + 1);
  const std::vector<std::string> taken = mta_.Taken();
  ASSERT_EQ(taken.size(), kMessages + 1u);
  EXPECT_TRUE(std::ranges::is_sorted(taken.begin(), taken.end() - 1));
  EXPECT_EQ(taken.back(), " last");
  EXPECT_LE(mta_.attempts(), kMessages + kMessages / 10);
  EXPECT_TRUE(
      postern_->LogShows("released, its limit is free again", kMessages + 1));
  EXPECT_EQ(postern_->CountHeld(), 0);
  mta_.Stop();
}

}  // namespace
}  // namespace postern
