<?php
// Writes messages with PEAR's Mail_mime: php write.php FOLDER < JSON
if (!@include_once 'Mail/mime.php') exit(0);  // not installed
$folder = $argv[1];
$letters = json_decode(stream_get_contents(STDIN), true);
foreach ($letters as $letter) {
  foreach (['plain', 'both', 'attached'] as $kind) {
    $mime = new Mail_mime(['eol' => "\r\n", 'head_charset' => 'UTF-8',
                           'text_charset' => 'UTF-8', 'html_charset' => 'UTF-8',
                           'text_encoding' => 'quoted-printable']);
    $mime->setTXTBody($letter['text']);
    if ($kind != 'plain') $mime->setHTMLBody($letter['html']);
    if ($kind == 'attached')
      $mime->addAttachment("a;b\r\n1;2\r\n", 'text/csv', 'list.csv', false);
    $body = $mime->get();
    $headers = ['From' => 'Alice Example <alice@example.org>',
                'To' => 'bob@receiver.example', 'Subject' => $letter['subject'],
                'Date' => date('r')] +
               $letter['headers'];
    $head = $mime->txtHeaders($headers);
    file_put_contents("$folder/mail-mime-{$letter['name']}-$kind.eml",
                      rtrim($head) . "\r\n\r\n" . $body);
  }
}
