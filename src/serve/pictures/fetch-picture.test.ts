import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPictureFetcher, type Web } from './fetch-picture.ts';
import { isPrivateAddress } from './private-address.ts';

const LOCAL = { address: '127.0.0.1', family: 4 };
const here = (more: Partial<Web> = {}): Web => ({
  resolve: async () => [LOCAL],
  isPrivate: () => false,
  ...more,
});

async function site(listener: RequestListener): Promise<(host: string, path?: string) => URL> {
  const server = createServer(listener);
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return (host, path = '/') => new URL(`http://${host}:${port}${path}`);
}

const hello: RequestListener = (_, response) => response.end('hello');

describe('fetching a picture', () => {
  it('reads one of an allowed host, at the address that was checked', async () => {
    const at = await site(hello);
    const fetched = createPictureFetcher(['Pictures.example'], here())(at('pictures.example'), 10);
    expect(Buffer.from(await fetched).toString()).toBe('hello');
  });

  it.each<[string, readonly string[], RegExp]>([
    ['where none are', [], /not fetched here/],
    ['not in the list', ['other.example'], /no host that pictures are fetched from/],
  ])('refuses a host %s', async (_, hosts, words) => {
    const at = await site(hello);
    const fetching = createPictureFetcher(hosts, here())(at('pictures.example'), 10);
    await expect(fetching).rejects.toThrow(words);
  });

  it('refuses a host that leads to a private address too', async () => {
    let asked = 0;
    const at = await site((_, response) => {
      asked += 1;
      response.end();
    });
    const web = here({
      resolve: async () => [{ address: '8.8.8.8', family: 4 }, LOCAL],
      isPrivate: isPrivateAddress,
    });
    const fetching = createPictureFetcher(['a.example'], web)(at('a.example'), 10);
    await expect(fetching).rejects.toThrow(/not public/);
    expect(asked).toBe(0);
  });

  it.each(['http://127.0.0.1/', 'http://[::1]/', 'http://2130706433/', 'http://0x7f.1/'])(
    'refuses %s even where somebody allows it',
    async (address) => {
      const url = new URL(address);
      const web = here({ isPrivate: isPrivateAddress });
      const fetching = createPictureFetcher([url.hostname], web)(url, 10);
      await expect(fetching).rejects.toThrow(/not public/);
    },
  );

  it('asks once where a name leads, so that a second answer changes nothing', async () => {
    let resolved = 0;
    const at = await site(hello);
    const web = here({
      async resolve() {
        resolved += 1;
        return [resolved === 1 ? LOCAL : { address: '10.0.0.1', family: 4 }];
      },
    });
    await createPictureFetcher(['a.example'], web)(at('a.example'), 10);
    expect(resolved).toBe(1);
  });

  it.each(['http://other.example/', 'http://localhost/', 'file:///etc/passwd'])(
    'checks a redirect to %s as it checks a first address',
    async (location) => {
      const at = await site((_, response) => response.writeHead(302, { location }).end());
      const fetching = createPictureFetcher(['a.example'], here())(at('a.example'), 10);
      await expect(fetching).rejects.toThrow(/no host/);
    },
  );

  it('refuses redirects to a private address of an allowed host', async () => {
    const at = await site((_, response) =>
      response.writeHead(302, { location: 'http://inner.example/' }).end(),
    );
    const web = here({
      resolve: async (host) => [
        host === 'inner.example' ? { ...LOCAL, address: '10.1.2.3' } : LOCAL,
      ],
      isPrivate: (address) => address.startsWith('10.'),
    });
    const fetching = createPictureFetcher(['a.example', 'inner.example'], web)(at('a.example'), 10);
    await expect(fetching).rejects.toThrow(/inner.example leads to an address that is not public/);
  });

  it('follows a few redirects, and no circle', async () => {
    const at = await site((request, response) => {
      if (request.url === '/there') response.end('there');
      else response.writeHead(302, { location: request.url === '/a' ? '/there' : '/round' }).end();
    });
    const fetchPicture = createPictureFetcher(['a.example'], here());
    expect(Buffer.from(await fetchPicture(at('a.example', '/a'), 10)).toString()).toBe('there');
    await expect(fetchPicture(at('a.example'), 10)).rejects.toThrow(/more than 3 times/);
  });

  it('reads no more than it may, whatever is announced', async () => {
    const at = await site((_, response) => {
      response.writeHead(200, { 'content-length': 1e9 });
      const timer = setInterval(() => response.write(Buffer.alloc(1000)), 1);
      response.on('close', () => clearInterval(timer));
    });
    const fetching = createPictureFetcher(['a.example'], here())(at('a.example'), 5000);
    await expect(fetching).rejects.toThrow(/more than 5000 bytes/);
  });

  it('waits no longer than it may', async () => {
    const at = await site(() => {});
    const fetching = createPictureFetcher(['a.example'], here(), 50)(at('a.example'), 10);
    await expect(fetching).rejects.toThrow(/takes too long/);
    const web = here({ resolve: () => new Promise(() => {}) });
    const resolving = createPictureFetcher(['a.example'], web, 50)(at('a.example'), 10);
    await expect(resolving).rejects.toThrow(/takes too long/);
  });
});

describe('private addresses', () => {
  it.each([
    '127.0.0.1',
    '10.2.3.4',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001::1',
  ])('%s is one', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });
  it.each(['8.8.8.8', '172.32.0.1', '193.0.0.1', '2606:4700::1111', '2001:4860:4860::8888'])(
    '%s is none',
    (address) => {
      expect(isPrivateAddress(address)).toBe(false);
    },
  );
});
