import { rollback } from '@cairnhq/cairn';

export default rollback({ summary: 'Sweep what is left with our label' });
