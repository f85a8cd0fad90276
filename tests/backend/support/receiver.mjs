// The host's end of webhooks.
import { createServer } from 'node:http';

/** A host that keeps what it is sent; `answer` says what it answers, with `silent` it does not; `told()` gives the messages as JSON in the order of what they tell. */
export async function start_receiver(t) {
  const receiver = { messages: [], answer: () => 204 };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data) => (body += data));
    request.on('end', () => {
      receiver.messages.push({ headers: request.headers, body });
      if (receiver.silent) return;
      response.writeHead(receiver.answer(receiver.messages.length));
      response.end();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => { server.closeAllConnections(); server.close(); });
  receiver.url = `http://127.0.0.1:${server.address().port}/hooks`;
  receiver.told = () => receiver.messages.map(({ body }) => JSON.parse(body)).sort((a, b) => a.data.seq - b.data.seq);
  return receiver;
}
