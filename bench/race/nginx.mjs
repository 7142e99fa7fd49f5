// nginx in front of the racy server, with HTTP/1.1 and with HTTP/2 over TLS.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { CERTIFICATES } from './methods.mjs';

async function freePort() {
  const server = createServer();
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise(resolve => server.close(resolve));
  return port;
}

export async function nginxBefore(port, folder) {
  const [plain, h2] = [await freePort(), await freePort()];
  const file = join(folder, 'nginx.conf');
  writeFileSync(
    file,
    `daemon off; worker_processes 2; pid ${folder}/pid; error_log ${folder}/errors;
events { worker_connections 1024; }
http {
  access_log off; keepalive_requests 1000000; client_body_temp_path ${folder}/bodies; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  ssl_certificate ${CERTIFICATES}/server.pem; ssl_certificate_key ${CERTIFICATES}/server.key.pem;
  upstream app { server 127.0.0.1:${port}; keepalive 128; }
  proxy_http_version 1.1; proxy_set_header Connection "";
  server { listen 127.0.0.1:${plain}; location / { proxy_pass http://app; } }
  server { listen 127.0.0.1:${h2} ssl http2; location / { proxy_pass http://app; } }
}
`,
  );
  const child = spawn('nginx', ['-c', file, '-p', folder], { stdio: 'ignore' });
  for (let tries = 0; tries < 100; tries++) {
    const answer = await fetch(`http://127.0.0.1:${plain}/orders`).catch(() => null);
    if (answer !== null) return { plain, h2, stop: () => child.kill('SIGTERM') };
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  child.kill('SIGTERM');
  throw new Error('nginx did not come up');
}
