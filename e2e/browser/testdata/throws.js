throw new Error('kaputt')
