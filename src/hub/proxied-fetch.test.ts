import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { proxiedFetch } from './proxied-fetch.ts';

/** A server that answers `served`, and a proxy that keeps the hosts that it was asked for. */
async function start() {
  const asked: string[] = [];
  const server = createServer((_, response) => response.end('served'));
  const proxy = createServer((request, response) => {
    asked.push(new URL(request.url ?? '').host);
    response.end('by the proxy');
  });
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    const [host = '', port] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  const ports: number[] = [];
  for (const one of [server, proxy]) {
    await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
    ports.push((one.address() as AddressInfo).port);
    onTestFinished(() => {
      one.closeAllConnections();
      one.close();
    });
  }
  const [port, proxyPort] = ports;
  return { asked, host: `127.0.0.1:${port}`, proxy: `127.0.0.1:${proxyPort}` };
}

it('goes through the proxy that is set, in large or small letters', async () => {
  const { asked, host, proxy } = await start();
  for (const env of [
    { HTTP_PROXY: `http://${proxy}` },
    { http_proxy: proxy },
    { ALL_PROXY: proxy },
  ]) {
    const proxied = await proxiedFetch(env);
    await (await proxied?.fetch(new URL(`http://${host}/a`)))?.text();
  }
  expect(asked).toEqual([host, host, host]);
});

it('goes past it to hosts of NO_PROXY', async () => {
  const { asked, host, proxy } = await start();
  const proxied = await proxiedFetch({ HTTP_PROXY: proxy, NO_PROXY: '127.0.0.1' });
  expect(await (await proxied?.fetch(`http://${host}/`))?.text()).toBe('served');
  expect(asked).toEqual([]);
});

it('says what it goes by, without passwords', async () => {
  const env = { HTTPS_PROXY: 'http://me:secret@proxy:3128', NO_PROXY: 'a,b' };
  const proxied = await proxiedFetch(env);
  expect(proxied?.by).toBe('HTTPS_PROXY is http://proxy:3128, NO_PROXY is a,b');
});

it('is none where none is set, and refuses what is no proxy', async () => {
  expect(await proxiedFetch({ HTTPS_PROXY: '', NO_PROXY: 'a' })).toBeUndefined();
  await expect(proxiedFetch({ ALL_PROXY: 'socks5://a:1' })).rejects.toThrow(
    'ALL_PROXY: it must be the address of an HTTP proxy',
  );
});
